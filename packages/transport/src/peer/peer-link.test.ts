import { setTimeout } from 'node:timers/promises';
import { credentials } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import type { Station } from '@synod/kernel/testing';
import { PeerServiceClient } from '../gen/synod/peer/v1/peer.js';
import { helloTo } from './handshake.js';
import { HandMadePeer } from './testing/hand-made-peer.js';
import { PeerNetwork } from './testing/peer-network.js';

/** Nodes that would not dial again by themselves within the time of a test. */
const neverAgain = { redialMinMs: 600_000, redialMaxMs: 600_000 };

let network: PeerNetwork;
afterEach(() => network.close());

/** Nodes whose links stand. */
async function start(nodes: readonly string[]): Promise<Station[]> {
  network = await PeerNetwork.of(nodes, () => ({ limits: neverAgain }));
  return Object.values(await network.start());
}

describe('links closed by the operator', () => {
  test('stand again as soon as the end that closed them allows them', async () => {
    const [S1, S2] = await start(['S1', 'S2']);
    network.links('S1').setLinks([]);
    await Promise.all([S1!.linkedTo([]), S2!.linkedTo([])]);
    network.links('S1').setLinks('all');
    await Promise.all([S1!.linkedTo(['S2']), S2!.linkedTo(['S1'])]);
  });

  // A refusal is quiet, so that there is no event to wait for: the pauses make it come before the second end allows
  // the link, after it, or at the same time. The outcome must not depend on that.
  test.each([0, 1, 2, 4, 8, 50])('stand again when the second end allows them %i ms after the first', async (ms) => {
    const [S1, S2] = await start(['S1', 'S2']);
    for (const [first, second] of [
      ['S1', 'S2'],
      ['S2', 'S1'],
    ] as const) {
      for (const node of [first, second]) network.links(node).setLinks([]);
      await Promise.all([S1!.linkedTo([]), S2!.linkedTo([])]);
      network.links(first).setLinks('all');
      if (ms > 0) await setTimeout(ms);
      network.links(second).setLinks('all');
      await Promise.all([S1!.linkedTo(['S2']), S2!.linkedTo(['S1'])]);
    }
    expect(network.reports.filter(({ event }) => event.level !== 'info')).toEqual([]);
  });

  test('leave the other links alone', async () => {
    const [S1, S2, S3] = await start(['S1', 'S2', 'S3']);
    network.links('S1').setLinks(['S1', 'S3']);
    await Promise.all([S1!.linkedTo(['S3']), S2!.linkedTo(['S3'])]);
    expect(network.links('S1').allowed).toEqual(['S3']);
    expect(network.links('S1').connected).toEqual(['S3']);
    S1!.send(['S2', 'S3'].map((to) => ({ to, message: 'hello' })));
    expect(await S3!.receivedFrom('S1', 1)).toEqual(['hello']);
    expect(S2!.received).toEqual([]);
    expect(S3!.linkEvents).toHaveLength(2);
  });

  test('of unknown names are an error that changes nothing', async () => {
    await start(['S1', 'S2']);
    const unknown = new SynodError('unknown_server', "there is no server 'S9'");
    expect(() => network.links('S1').setLinks(['S9'])).toThrow(unknown);
    expect(() => network.links('S1').setFaults({ dropTo: [], dropFrom: ['S9'] })).toThrow(unknown);
    expect(network.links('S1').connected).toEqual(['S2']);
  });
});

test('faults let messages vanish one way while the links stand', async () => {
  const [S1, S2, S3] = await start(['S1', 'S2', 'S3']);
  network.links('S1').setFaults({ dropTo: ['S2'], dropFrom: ['S3'] });
  const everybody = ['S1', 'S2', 'S3'];
  for (const station of [S1!, S2!, S3!]) station.send(everybody.map((to) => ({ to, message: '1' })));
  expect(await S1!.receivedFrom('S2', 1)).toEqual(['1']);
  expect(await S3!.receivedFrom('S1', 1)).toEqual(['1']);

  // S3's message to S1 went before the one to S2; give S1 a sign that all of it has passed.
  await S2!.receivedFrom('S3', 1);
  network.links('S1').setFaults({ dropTo: [], dropFrom: [] });
  for (const station of [S1!, S2!, S3!]) station.send(everybody.map((to) => ({ to, message: '2' })));
  expect(await S2!.receivedFrom('S1', 1)).toEqual(['2']);
  expect((await S1!.receivedFrom('S3', 1)).at(-1)).toBe('2');
  expect([S1!, S2!, S3!].flatMap(({ linkEvents }) => linkEvents).filter((event) => event.endsWith('down'))).toEqual([]);
  expect(network.links('S1').dropped).toBe(0);
});

test('a link is up only when both streams lead to the same life of the peer', async () => {
  const peer = await HandMadePeer.listen();
  network = await PeerNetwork.of(['S1'], () => ({ peers: new Map([['S2', peer.address]]), limits: neverAgain }));
  const { S1 } = await network.start();
  (await peer.next()).welcome(1n);

  const client = new PeerServiceClient(network.address('S1'), credentials.createInsecure());
  const restarted = { self: 'S2', cluster: 'test', fingerprint: 'same', incarnation: 2n };
  const stream = client.link().on('error', () => {});
  stream.write({ content: { $case: 'hello', value: helloTo('S1', restarted) } });
  const second = await peer.next();
  expect(S1!.linkEvents).toEqual([]);
  second.welcome(2n);
  await S1!.linkedTo(['S2']);

  client.close();
  peer.close();
});

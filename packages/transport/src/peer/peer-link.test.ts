import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { credentials } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { standingOf, Station } from '@synod/kernel/testing';
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

test('a fault makes what is sent to a peer vanish, and the links stand', async () => {
  const [S1, S2, S3] = await start(['S1', 'S2', 'S3']);
  const toBoth = (message: string) => ['S2', 'S3'].map((to) => ({ to, message }));
  network.links('S1').setFaults({ dropTo: ['S2'], dropFrom: [] });
  S1!.send(toBoth('a'));
  S2!.send([{ to: 'S1', message: 'b' }]);
  expect(await S3!.receivedFrom('S1', 1)).toEqual(['a']);
  expect(await S1!.receivedFrom('S2', 1)).toEqual(['b']);
  network.links('S1').setFaults({ dropTo: [], dropFrom: [] });
  S1!.send(toBoth('c'));
  expect(await S2!.receivedFrom('S1', 1)).toEqual(['c']);
  expect([S1!, S2!, S3!].flatMap(({ linkEvents }) => linkEvents).filter((event) => event.endsWith('down'))).toEqual([]);
  expect(network.links('S1').dropped).toBe(0);
});

test('a node that was replaced says where it is to one that knows only where it was', async () => {
  const moved = '127.0.0.1:1';
  network = await PeerNetwork.of(['S1', 'S2', 'S3'], (node) => {
    const peers = ['S1', 'S2', 'S3'].map((peer) => [peer, peer === 'S1' ? moved : network.address(peer)] as const);
    return node === 'S2' ? { peers: new Map(peers), limits: neverAgain } : {};
  });
  const [S2] = ['S2', 'S3'].map(async (node) => new Station(node, await network.transport(node)));
  const links = await network.transport('S1');
  const disk = '00000000000000c1';
  network.links('S1').setDisk({ identity: disk, since: 1, waits: false });
  network.links('S1').setMember('S1', { address: network.address('S1'), disk, since: 1 });
  const S1 = new Station('S1', links);
  await Promise.all([S1.linkedTo(['S2', 'S3']), (await S2!).linkedTo(['S1', 'S3'])]);
  S1.send([{ to: 'S2', message: 'hello' }]);
  (await S2!).send([{ to: 'S1', message: 'welcome' }]);
  expect(await S1.receivedFrom('S2', 1)).toEqual(['welcome']);
});

describe('a link is up only when both streams lead to the same life of the peer', () => {
  let peer: HandMadePeer;
  let client: PeerServiceClient;
  let S1: Station;

  beforeEach(async () => {
    peer = await HandMadePeer.listen();
    network = await PeerNetwork.of(['S1'], () => ({ peers: new Map([['S2', peer.address]]), limits: neverAgain }));
    S1 = new Station('S1', await network.transport('S1'));
    client = new PeerServiceClient(network.address('S1'), credentials.createInsecure());
  });

  afterEach(() => {
    client.close();
    peer.close();
  });

  /** S2 dials S1; returns once S1 has said welcome. */
  async function dialAs(incarnation: bigint): Promise<void> {
    const stream = client.link().on('error', () => {});
    const own = { self: 'S2', cluster: 'test', fingerprint: 'same' };
    const hello = helloTo('S1', own, { ...standingOf('S2'), incarnation });
    stream.write({ content: { $case: 'hello', value: hello } });
    await once(stream, 'data');
  }

  test('the peer dials in a new life: the stream to the former one is left', async () => {
    (await peer.next()).welcome(1n);
    await dialAs(2n);
    const second = await peer.next();
    expect(S1.linkEvents).toEqual([]);
    second.welcome(2n);
    await S1.linkedTo(['S2']);
  });

  test('the peer is reached in a new life: it must dial first', async () => {
    const stream = await peer.next();
    await dialAs(1n);
    stream.welcome(2n);
    stream.read();
    while (stream.received === 0) {
      S1.send([{ to: 'S2', message: 'welcome has come' }]);
      await setTimeout(1);
    }
    expect(S1.linkEvents).toEqual([]);
    await dialAs(2n);
    await S1.linkedTo(['S2']);
  });
});

import { credentials, Metadata, status, type ClientDuplexStream, type StatusObject } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { standingOf, Station } from '@synod/kernel/testing';
import { PeerServiceClient, type LinkRequest, type LinkResponse } from '../gen/synod/peer/v1/peer.js';
import { helloTo } from './handshake.js';
import { PeerNetwork } from './testing/peer-network.js';

/** S1 is the node under test; S2 is this test itself, which speaks to S1 by hand. */
let network: PeerNetwork;
let station: Station;
let client: PeerServiceClient;

beforeEach(async () => {
  const limits = { messageBytes: 1000, handshakeMs: 200 };
  network = await PeerNetwork.of(['S1', 'S2'], () => ({ limits }));
  station = new Station('S1', await network.transport('S1'));
  client = new PeerServiceClient(network.address('S1'), credentials.createInsecure());
});

afterEach(() => {
  client.close();
  network.close();
});

const hello: LinkRequest = {
  content: {
    $case: 'hello',
    value: helloTo('S1', { self: 'S2', cluster: 'test', fingerprint: 'same' }, standingOf('S2')),
  },
};

function frame(...messages: string[]): LinkRequest {
  return { content: { $case: 'frame', value: { messages: messages.map((text) => Buffer.from(text)), number: 1 } } };
}

function fragment(length: number, last: boolean): LinkRequest {
  return { content: { $case: 'fragment', value: { data: Buffer.alloc(length, 'x'), last, number: 1 } } };
}

type Link = ClientDuplexStream<LinkRequest, LinkResponse>;

function say(...requests: LinkRequest[]): Link {
  const link = client.link();
  link.on('data', () => {});
  link.on('error', () => {});
  for (const request of requests) link.write(request);
  return link;
}

function ending(link: Link): Promise<StatusObject> {
  return new Promise((resolve) => link.on('status', resolve));
}

test('what is said before Hello ends the stream', async () => {
  expect(await ending(say(frame('hi')))).toMatchObject({
    code: status.INVALID_ARGUMENT,
    details: 'a link begins with Hello',
  });
});

test('who says nothing is not waited for', async () => {
  expect(await ending(say())).toMatchObject({ code: status.DEADLINE_EXCEEDED, details: 'no Hello came' });
});

test('a reason is cut short where it would not fit into a header', async () => {
  const own = { self: 'S2', cluster: 'x'.repeat(100_000), fingerprint: 'same' };
  const long = helloTo('S1', own, standingOf('S2'));
  const { code, details } = await ending(say({ content: { $case: 'hello', value: long } }));
  expect(code).toBe(status.FAILED_PRECONDITION);
  expect(details).toMatch(/^S1 belongs to cluster 'test', not to 'x+$/);
});

describe('after Hello', () => {
  test.each<[string, LinkRequest[], string]>([
    ['a second Hello', [hello], 'hello stands where it can not'],
    ['nothing at all', [{ content: undefined }], 'nothing stands where it can not'],
    ['a frame between two fragments', [fragment(10, false), frame('hi')], 'frame stands where it can not'],
    ['an empty fragment', [fragment(0, false)], 'a fragment is empty'],
    ['a message above the limit', [fragment(600, false), fragment(600, true)], 'a message is longer than 1000 bytes'],
  ])('%s ends the stream, is reported, and harms nothing else', async (_, requests, problem) => {
    expect(await ending(say(hello, ...requests))).toMatchObject({ code: status.INVALID_ARGUMENT, details: problem });
    expect(await network.reported('S1', 'link-failed')).toMatchObject({ level: 'error', peer: 'S2', message: problem });
    say(hello, frame('still alive'));
    expect(await station.receivedFrom('S2', 1)).toEqual(['still alive']);
  });

  test('bytes that are no protobuf end the stream, and harm nothing else', async () => {
    const raw = client.makeBidiStreamRequest(
      '/synod.peer.v1.PeerService/Link',
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
      new Metadata(),
    );
    raw.on('error', () => {});
    const ended = new Promise<StatusObject>((resolve) => raw.on('status', resolve));
    raw.write(Buffer.from([0x0a, 0xff, 0xff]));
    expect((await ended).code).toBe(status.INTERNAL);
    say(hello, frame('still alive'));
    expect(await station.receivedFrom('S2', 1)).toEqual(['still alive']);
  });

  test('fragments make one message, and frames may follow', async () => {
    say(hello, fragment(500, false), fragment(500, true), frame('a', 'b'));
    expect(await station.receivedFrom('S2', 3)).toEqual(['x'.repeat(1000), 'a', 'b']);
  });

  test('a newer stream of the same peer takes the place of the older', async () => {
    const older = say(hello, frame('a'));
    await station.receivedFrom('S2', 1);
    const newer = say(hello, frame('b'));
    expect(await ending(older)).toMatchObject({ code: status.ABORTED, details: 'a newer stream took its place' });
    newer.write(frame('c'));
    expect(await station.receivedFrom('S2', 3)).toEqual(['a', 'b', 'c']);
  });

  test('a fault makes what the peer sends vanish, and its stream goes on', async () => {
    network.links('S1').setFaults({ dropTo: [], dropFrom: ['S2'] });
    const silenced = say(hello, frame('a'), fragment(10, true), frame('b'));
    silenced.end();
    expect((await ending(silenced)).code).toBe(status.OK);
    network.links('S1').setFaults({ dropTo: [], dropFrom: [] });
    say(hello, frame('c'));
    expect(await station.receivedFrom('S2', 1)).toEqual(['c']);
  });
});

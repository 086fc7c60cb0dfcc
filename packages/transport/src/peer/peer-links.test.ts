import { afterEach, describe, expect, test } from '@jest/globals';
import type { Station } from '@synod/kernel/testing';
import type { PeerLinksOptions } from './peer-links.js';
import { PeerNetwork, textCodec } from './testing/peer-network.js';

let network: PeerNetwork;
afterEach(() => network.close());

/** Nodes whose links stand. */
async function start(nodes: readonly string[], options: Partial<PeerLinksOptions<string>> = {}): Promise<Station[]> {
  network = await PeerNetwork.of(nodes, () => options);
  return Object.values(await network.start());
}

describe('sending', () => {
  test('one message object is encoded once, however many peers get it', async () => {
    let encoded = 0;
    const codec = { ...textCodec, encode: (message: string) => (encoded++, textCodec.encode(message)) };
    const [S1, ...others] = await start(['S1', 'S2', 'S3', 'S4'], { codec });
    S1!.send(others.map(({ node }) => ({ to: node, message: 'to all' })));
    for (const other of others) expect(await other.receivedFrom('S1', 1)).toEqual(['to all']);
    expect(encoded).toBe(1);
  });

  test('a message of 50 MiB arrives', async () => {
    const [S1, S2] = await start(['S1', 'S2']);
    const message = 'x'.repeat(50 << 20);
    S1!.send([
      { to: 'S2', message },
      { to: 'S2', message: 'after' },
    ]);
    const [large, after] = await S2!.receivedFrom('S1', 2);
    expect(large === message).toBe(true);
    expect(after).toBe('after');
  });

  test('a message above the limit is not sent, counted, and told once', async () => {
    const [S1, S2] = await start(['S1', 'S2'], { limits: { messageBytes: 1000 } });
    const tooLong = { to: 'S2', message: 'x'.repeat(1001) };
    S1!.send([tooLong, tooLong, { to: 'S2', message: 'fits' }]);
    expect(await S2!.receivedFrom('S1', 1)).toEqual(['fits']);
    expect(network.links('S1').dropped).toBe(2);
    expect(network.reports.filter(({ event }) => event.kind === 'message-dropped')).toHaveLength(1);
  });

  test('what a full queue can not take is dropped and counted; what comes later goes on', async () => {
    const [S1, S2] = await start(['S1', 'S2'], { limits: { queueBytes: 1 << 20 } });
    const megabyte = 'x'.repeat(1 << 20);
    for (let i = 0; i < 20; i++) S1!.send([{ to: 'S2', message: `${i}${megabyte}` }]);
    const { dropped } = network.links('S1');
    expect(dropped).toBeGreaterThan(10);
    await network.reported('S1', 'message-dropped');
    await S2!.receivedFrom('S1', 20 - dropped);
    // A message was delivered, so that its last bytes have left the queue; the next turn finds room.
    S1!.send([{ to: 'S2', message: 'later' }]);
    expect((await S2!.receivedFrom('S1', 21 - dropped)).at(-1)).toBe('later');
  });
});

describe('a message that is muted', () => {
  test('vanishes without a word, alone of its turn; what is sent once it is no longer muted arrives', async () => {
    const muted = new Set(['about X']);
    const [S1, S2] = await start(['S1', 'S2'], {
      audible: (message) => (muted.has(message) ? undefined : message),
    });
    const send = (messages: readonly string[]): void => S1!.send(messages.map((message) => ({ to: 'S2', message })));
    send(['before', 'about X', 'behind']);
    expect(await S2!.receivedFrom('S1', 2)).toEqual(['before', 'behind']);
    muted.clear();
    send(['about X', 'last']);
    expect(await S2!.receivedFrom('S1', 4)).toEqual(['before', 'behind', 'about X', 'last']);
    expect(network.links('S1').dropped).toBe(0);
    expect(network.reports.filter(({ event }) => event.level !== 'info')).toEqual([]);
  });

  test('is not encoded, and reaches nobody, while others reach everybody', async () => {
    const encoded: string[] = [];
    const codec = { ...textCodec, encode: (message: string) => (encoded.push(message), textCodec.encode(message)) };
    const [S1, ...others] = await start(['S1', 'S2', 'S3'], {
      codec,
      audible: (message) => (message === 'about X' ? undefined : message),
    });
    S1!.send(['about X', 'about Y'].flatMap((message) => others.map(({ node }) => ({ to: node, message }))));
    for (const other of others) expect(await other.receivedFrom('S1', 1)).toEqual(['about Y']);
    expect(encoded).toEqual(['about Y']);
  });
});

test('of a message that is muted in part the rest is sent', async () => {
  const [S1, ...others] = await start(['S1', 'S2', 'S3'], { audible: (message) => message.replace('X ', '') });
  S1!.send(others.map(({ node }) => ({ to: node, message: 'about X and Y' })));
  for (const other of others) expect(await other.receivedFrom('S1', 1)).toEqual(['about and Y']);
});

describe('a message that can not be read', () => {
  const codec = {
    ...textCodec,
    decode: (bytes: Uint8Array) => {
      const text = textCodec.decode(bytes);
      if (text === 'poison') throw new TypeError('not readable: \ud800');
      return text;
    },
  };

  test('closes the link it came on, which comes up again', async () => {
    const [S1, S2] = await start(['S1', 'S2'], { codec });
    S1!.send(['before', 'poison', 'behind'].map((message) => ({ to: 'S2', message })));
    const { message } = await network.reported('S2', 'link-failed');
    expect(message).toBe('a message from S1 can not be read: not readable: \ud800');
    await Promise.all([network.reported('S1', 'link-down'), network.reported('S2', 'link-down')]);
    await Promise.all([S1!.linkedTo(['S2']), S2!.linkedTo(['S1'])]);
    S1!.send([{ to: 'S2', message: 'after' }]);
    expect(await S2!.receivedFrom('S1', 2)).toEqual(['before', 'after']);
  });
});

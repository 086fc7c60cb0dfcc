import { EventEmitter, once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { standingOf } from '@synod/kernel/testing';
import { Dialer } from './dialer.js';
import { helloTo } from './handshake.js';
import { defaultLinkLimits, type LinkLimits } from './link-limits.js';
import { HandMadePeer } from './testing/hand-made-peer.js';

const hello = helloTo('S2', { self: 'S1', cluster: 'test', fingerprint: 'same' }, standingOf('S1'));
const patient = { redialMinMs: 600_000, redialMaxMs: 600_000 };

let peer: HandMadePeer;
let dialer: Dialer;
let changes: EventEmitter;

beforeEach(async () => {
  peer = await HandMadePeer.listen();
  changes = new EventEmitter();
});

afterEach(() => {
  dialer.close();
  peer.close();
});

function dial(limits: Partial<LinkLimits>, address = peer.address): void {
  const events = { changed: () => changes.emit('changed'), refused: () => {} };
  dialer = new Dialer(address, () => hello, { ...defaultLinkLimits, ...limits }, events);
  dialer.open();
}

test('waits longer after every failure, up to its limit', async () => {
  dial({ redialMinMs: 20, redialMaxMs: 160 });
  let last: number | undefined;
  // The jitter takes away half of 20, 40, 80, 160, 160 at most; a timer may be early by a millisecond.
  for (const leastWait of [0, 10, 20, 40, 80, 80]) {
    const stream = await peer.next();
    if (last !== undefined) expect(stream.cameAt - last).toBeGreaterThan(leastWait - 2);
    last = stream.cameAt;
    stream.refuse();
  }
});

test('gives up who accepts the connection and says nothing', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket.on('error', () => {})));
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  dial({ handshakeMs: 50, redialMinMs: 1 }, `127.0.0.1:${(silent.address() as AddressInfo).port}`);
  await once(silent, 'connection');
  await once(silent, 'connection');
  dialer.close();
  silent.close();
  for (const socket of sockets) socket.destroy();
});

test('dials again at once if it hears, during an attempt that fails, that the peer is there', async () => {
  dial(patient);
  const first = await peer.next();
  dialer.dialNow();
  first.refuse();
  await peer.next();
});

test('does not wait for an attempt that hangs when it hears that the peer is there', async () => {
  dial({ handshakeMs: 100, redialMinMs: 1, redialMaxMs: 1 });
  for (let failures = 0; failures < 4; failures++) (await peer.next()).refuse();
  const hanging = await peer.next();
  await setTimeout(120);
  dialer.dialNow();
  expect((await peer.next()).cameAt - hanging.cameAt).toBeLessThan(1600);
});

test('waits after a failure, also if it once heard that the peer is there', async () => {
  dial({ redialMinMs: 100 });
  dialer.dialNow();
  (await peer.next()).refuse();
  const second = await peer.next();
  second.refuse();
  expect((await peer.next()).cameAt - second.cameAt).toBeGreaterThan(48);
});

test('leaves a stream that leads to a former life of the peer', async () => {
  dial(patient);
  (await peer.next()).welcome(1n);
  await once(changes, 'changed');
  expect(dialer.incarnation).toBe(1n);
  dialer.dialAnew();
  expect(dialer.incarnation).toBeUndefined();
  (await peer.next()).welcome(2n);
  await once(changes, 'changed');
  expect(dialer.incarnation).toBe(2n);
});

test('drops messages while more than its queue holds wait, and sends again when they are gone', async () => {
  dial({ ...patient, queueBytes: 1 << 20 });
  const stream = await peer.next();
  stream.welcome(1n);
  await once(changes, 'changed');
  const message = Buffer.alloc(100_000);
  let sent = 0;
  while (dialer.send([message], 1)) sent++;
  expect(sent).toBe(11);
  await setImmediate();
  expect(dialer.send([message], 1)).toBe(false);
  stream.read();
  while (!dialer.send([message], 1)) await setImmediate();
});

import assert from 'node:assert/strict';
import type { NodeId } from '../machine.js';
import type { Transport } from '../ports.js';
import { Station } from './station.js';

/** A network under test, made anew for every test. */
export interface TransportNetwork {
  /** The transport of one node, not started yet. Asked again after `leave`: that of its next life. */
  transport(node: NodeId): Transport<string> | Promise<Transport<string>>;
  /** Cuts or restores the link between two nodes, both ways. */
  setLink(a: NodeId, b: NodeId, up: boolean): void;
  /** Ends a node as if its process had died. */
  leave(node: NodeId): void | Promise<void>;
  /** Frees what the network holds. */
  close?(): void | Promise<void>;
}

export interface TransportSuite {
  readonly name: string;
  /** Registers one test: `test` of Jest, `node:test` or Vitest. */
  readonly test: (name: string, body: () => Promise<void>) => unknown;
  /** Makes a network whose members are these nodes. */
  readonly network: (nodes: readonly NodeId[]) => TransportNetwork | Promise<TransportNetwork>;
  /** Length of the large messages, characters. Default 3 Mi. */
  readonly largeMessage?: number;
}

const members = ['S1', 'S2', 'S3'] as const;

type Stations = Record<(typeof members)[number], Station>;

/** Proves what `Transport` promises, on a network that is well unless a test hurts it. */
export function transportSuite(suite: TransportSuite): void {
  const prove = (promise: string, body: (stations: Stations, network: TransportNetwork) => Promise<void>) =>
    suite.test(`${suite.name}: ${promise}`, async () => {
      const network = await suite.network(members);
      try {
        const start = async (node: NodeId) => new Station(node, await network.transport(node));
        const stations = { S1: await start('S1'), S2: await start('S2'), S3: await start('S3') };
        await Promise.all(Object.values(stations).map((station) => station.linkedTo(members)));
        await body(stations, network);
      } finally {
        await network.close?.();
      }
    });

  prove('every node has a link to every other one, and none to itself', async ({ S1, S2, S3 }) => {
    assert.deepEqual(S1.linkEvents.toSorted(), ['S2 up', 'S3 up']);
    assert.deepEqual(S2.linkEvents.toSorted(), ['S1 up', 'S3 up']);
    assert.deepEqual(S3.linkEvents.toSorted(), ['S1 up', 'S2 up']);
  });

  prove('messages of a pair arrive once and in order, in both directions', async ({ S1, S2, S3 }) => {
    const texts = Array.from({ length: 2000 }, (_, i) => `message ${i}`);
    for (let from = 0, size = 1; from < texts.length; from += size, size = (size * 2) % 127) {
      const batch = texts.slice(from, from + size);
      S1.send(
        batch.flatMap((text) => [
          { to: 'S2', message: text },
          { to: 'S3', message: text },
        ]),
      );
      S2.send(batch.map((text) => ({ to: 'S1', message: text })));
      if (size > 64) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual(await S2.receivedFrom('S1', texts.length), texts);
    assert.deepEqual(await S3.receivedFrom('S1', texts.length), texts);
    assert.deepEqual(await S1.receivedFrom('S2', texts.length), texts);
  });

  prove('one message goes to several peers, and never back to its sender', async ({ S1, S2, S3 }) => {
    S1.send(members.map((to) => ({ to, message: 'to all' })));
    assert.deepEqual(await S2.receivedFrom('S1', 1), ['to all']);
    assert.deepEqual(await S3.receivedFrom('S1', 1), ['to all']);
    assert.equal(S1.received.length, 0);
  });

  prove('nothing is delivered inside send', async ({ S1, S2 }) => {
    S1.send([{ to: 'S2', message: 'later' }]);
    assert.equal(S2.received.length, 0);
    await S2.receivedFrom('S1', 1);
  });

  prove('large messages arrive unaltered and in their place', async ({ S1, S2 }) => {
    const large = 'äöü0123456789'.repeat((suite.largeMessage ?? 3 << 20) / 13);
    const texts = ['before', large, '', `${large}!`, 'after'];
    S1.send(texts.map((message) => ({ to: 'S2', message })));
    const received = await S2.receivedFrom('S1', texts.length);
    assert.ok(
      received.every((text, i) => text === texts[i]),
      'a message was altered or moved',
    );
  });

  prove('a link that is cut goes down at both ends, and up again when restored', async ({ S1, S2, S3 }, network) => {
    network.setLink('S1', 'S2', false);
    await Promise.all([S1.linkedTo(['S3']), S2.linkedTo(['S3'])]);
    S1.send([
      { to: 'S2', message: 'lost' },
      { to: 'S3', message: 'a' },
    ]);
    assert.deepEqual(await S3.receivedFrom('S1', 1), ['a']);
    assert.equal(S2.received.length, 0);
    network.setLink('S1', 'S2', true);
    await Promise.all([S1.linkedTo(members), S2.linkedTo(members)]);
    S1.send([{ to: 'S2', message: 'b' }]);
    S2.send([{ to: 'S1', message: 'c' }]);
    assert.equal((await S2.receivedFrom('S1', 1)).at(-1), 'b');
    assert.deepEqual(await S1.receivedFrom('S2', 1), ['c']);
    assert.deepEqual(S3.linkEvents.toSorted(), ['S1 up', 'S2 up']);
  });

  prove('sending to a dead or unknown node is harmless', async ({ S1, S2, S3 }, network) => {
    await network.leave('S3');
    await Promise.all([S1.linkedTo(['S2']), S2.linkedTo(['S1'])]);
    S1.send([]);
    S1.send(['S3', 'S9', 'S2'].map((to) => ({ to, message: 'still here' })));
    assert.deepEqual(await S2.receivedFrom('S1', 1), ['still here']);
    assert.equal(S3.received.length, 0);
  });

  prove('a node that comes back is linked again', async ({ S1, S2 }, network) => {
    await network.leave('S3');
    await Promise.all([S1.linkedTo(['S2']), S2.linkedTo(['S1'])]);
    const again = new Station('S3', await network.transport('S3'));
    await Promise.all([S1, S2, again].map((station) => station.linkedTo(members)));
    S1.send([{ to: 'S3', message: 'welcome' }]);
    again.send([{ to: 'S1', message: 'thanks' }]);
    assert.deepEqual(await again.receivedFrom('S1', 1), ['welcome']);
    assert.deepEqual(await S1.receivedFrom('S3', 1), ['thanks']);
  });

  prove('what a node says of its disk comes before anything else, and unaltered', async ({ S1, S2 }, network) => {
    await network.leave('S3');
    await Promise.all([S1.linkedTo(['S2']), S2.linkedTo(['S1'])]);
    const earlier = [{ incarnation: 2n ** 64n - 1n, after: 2 ** 53 - 1 }];
    const standing = { disk: 'another', incarnation: 2n ** 63n, recovered: 2 ** 53 - 1, earlier };
    const again = new Station('S3', await network.transport('S3'), { standing });
    await Promise.all([S1, S2, again].map((station) => station.linkedTo(members)));
    for (const station of [S1, S2]) {
      assert.deepEqual(station.greetings.findLast(({ peer }) => peer === 'S3')?.standing, standing);
    }
  });

  prove('whoever gets a message hears its number, and the others only by an announcement', async ({ S1, S2, S3 }) => {
    S1.send([{ to: 'S2', message: 'a' }], 7);
    await Promise.all([S2.receivedFrom('S1', 1), S2.hears('S1', 7)]);
    S3.send([{ to: 'S2', message: 'b' }], 1);
    S1.announce(9);
    await Promise.all([S2.hears('S1', 9), S3.hears('S1', 9)]);
  });

  prove('a node that is refused learns why, is linked to the others alone, and nobody hears it', async (_, network) => {
    for (const node of members) await network.leave(node);
    const refuses = (peer: NodeId) => (peer === 'S3' ? 'S1 remembers more' : undefined);
    const S1 = new Station('S1', await network.transport('S1'), { refuses });
    const S2 = new Station('S2', await network.transport('S2'));
    const S3 = new Station('S3', await network.transport('S3'));
    await Promise.all([S1.linkedTo(['S2']), S2.linkedTo(members), S3.linkedTo(['S2']), S3.refused()]);
    assert.ok(S3.refusals.every((reason) => reason === 'S1 remembers more'));
    S3.send(['S1', 'S2'].map((to) => ({ to, message: 'believe me' })));
    assert.deepEqual(await S2.receivedFrom('S3', 1), ['believe me']);
    S2.send([{ to: 'S1', message: 'after it' }]);
    assert.deepEqual(await S1.receivedFrom('S2', 1), ['after it']);
    assert.deepEqual(S1.received, [{ from: 'S2', message: 'after it' }]);
    assert.deepEqual(S1.linkEvents, ['S2 up']);
  });
}

import { afterEach, describe, expect, test } from '@jest/globals';
import { connect } from '@synod/client';
import { cleanup, RegisterStand, type Bank } from '@synod/transport/testing';
import { servedBanks } from '../testing/served-banks.js';
import { viewFrame } from '../testing/frame.js';
import { Watched } from '../testing/watched.js';
import { clusterFeed } from './cluster-feed.js';

const keep = cleanup(afterEach);
const served = servedBanks(keep);
const watch = (...given: Parameters<typeof clusterFeed>) => keep(new Watched(clusterFeed(...given)));

const up = (...ids: string[]) => ids.map((id) => `${id} up`).join(', ');
const three = ['S1', 'S2', 'S3'];
/** How often a bank was asked for something. */
const asked = (bank: Bank, type: string) => bank.commands.filter((command) => command.type === type).length;

/** Blocks of one transfer each. */
async function grow(bank: Bank, blocks: number): Promise<void> {
  for (let i = 0; i < blocks; i++) {
    const transfer = { id: `run7-${i + 1}`, from: bank.server, to: 'S9', amount: 1n };
    const command = { type: 'transfer', transfer, short: 'queue', durability: 'local', gather: undefined } as const;
    await new Promise((done) => bank.invoke(command, done));
    bank.commit();
  }
}

describe('what the screen wants of every server', () => {
  test.each([
    ['balances', 'balance-map'],
    ['logs', 'log'],
  ] as const)('%s: at once, again when its report changed, and only then', async (type, command) => {
    const { banks, client } = await served(3);
    const feed = watch(client());
    await feed.untilStates(up(...three));
    expect(banks.map((bank) => asked(bank, command))).toEqual([0, 0, 0]);
    feed.want({ type });
    const isKnown = ({ balances, log }: (typeof feed.model.servers)[number]) => Boolean(balances ?? log);
    await feed.until(({ servers }) => servers.every(isKnown));
    const before = banks.map((bank) => asked(bank, command));
    // Reports that say nothing new ask for nothing.
    for (let i = 0; i < 3; i++) {
      const reports = feed.inputs.length;
      banks[2]!.change('state');
      await feed.until(() => feed.inputs.length > reports);
    }
    await grow(banks[1]!, 1);
    await feed.until(({ servers: [, second] }) => (second?.balances ?? second?.log)?.height === 1);
    expect(asked(banks[0]!, command)).toBe(before[0]);
    expect(asked(banks[2]!, command)).toBe(before[2]);
    feed.want(undefined);
    const after = asked(banks[1]!, command);
    await grow(banks[1]!, 1);
    await feed.until(({ servers: [, second] }) => second?.ledger?.status.height === 2);
    expect(asked(banks[1]!, command)).toBe(after);
  });

  test('one request of a kind is under way at a time, and the last change is not lost', async () => {
    const { banks, client } = await served(1);
    const feed = watch(client());
    await feed.untilStates('S1 up');
    feed.want({ type: 'logs' });
    await feed.until(({ servers }) => servers[0]!.log !== undefined);
    const before = asked(banks[0]!, 'log');
    await grow(banks[0]!, 20);
    await feed.until(({ servers }) => servers[0]!.log!.height === 20);
    expect(asked(banks[0]!, 'log') - before).toBeLessThan(10);
  });

  test('a server that comes back is asked again', async () => {
    const { banks, client, stop, start } = await served(2);
    const feed = watch(client());
    feed.want({ type: 'balances' });
    await feed.until(({ servers }) => servers.length === 2 && servers.every(({ balances }) => balances));
    await stop(1);
    await feed.untilStates('S1 up, S2 down');
    const before = asked(banks[1]!, 'balance-map');
    await start(1);
    while (asked(banks[1]!, 'balance-map') === before) await new Promise(setImmediate);
  });

  test('performance is asked of the one server', async () => {
    const { banks, client } = await served(2);
    await grow(banks[1]!, 1);
    const feed = watch(client(), { shortId: (id) => id.replace('run7-', '') });
    await feed.untilStates(up('S1', 'S2'));
    feed.want({ type: 'performance', server: 'S2' });
    await feed.until(({ servers }) => servers[1]!.performance !== undefined);
    expect(feed.model.servers[1]!.performance!.requests.recent.map(({ id }) => id)).toEqual(['1']);
    const calls = banks.map((bank) => bank.calls.filter(({ method }) => method.endsWith('/Performance')).length);
    expect(calls).toEqual([0, 1]);
  });
});

describe('blocks', () => {
  test('are fetched from the longest chain, only those that are wanted, and their ids are shortened', async () => {
    const { banks, client } = await served(2);
    await grow(banks[0]!, 2);
    await grow(banks[1]!, 6);
    const feed = watch(client(), { shortId: (id) => id.replace('run7-', '') });
    await feed.untilStates(up('S1', 'S2'));
    feed.want({ type: 'blocks', from: 3, to: 5 });
    await feed.until(({ chain }) => chain.blocks.length === 5);
    expect(feed.news('blocks').map(({ server, blocks }) => [server, blocks.map(({ height }) => height)])).toEqual([
      ['S2', [3, 4, 5]],
    ]);
    expect(feed.model.chain.entries.get(4)!.map(({ value }) => value.id)).toEqual(['4']);
    expect(asked(banks[0]!, 'blocks')).toBe(0);
    // What was told is not fetched again, whatever is reported.
    const before = asked(banks[1]!, 'blocks');
    const reports = feed.inputs.length;
    banks[1]!.change('state');
    await feed.until(() => feed.inputs.length > reports);
    expect(asked(banks[1]!, 'blocks')).toBe(before);
  });

  test('come from another server when the one that is asked goes away', async () => {
    const { banks, client, stop } = await served(2);
    await grow(banks[0]!, 3);
    await grow(banks[1]!, 4);
    const feed = watch(client());
    await feed.untilStates(up('S1', 'S2'));
    banks[1]!.hold();
    feed.want({ type: 'blocks', from: 1, to: 3 });
    while (asked(banks[1]!, 'blocks') === 0) await new Promise(setImmediate);
    await stop(1);
    await feed.until(({ chain }) => chain.blocks.length === 3);
    expect(feed.news('blocks').map(({ server }) => server)).toEqual(['S1']);
  });

  test('that are not wanted any more are given up', async () => {
    const { banks, client } = await served(1);
    await grow(banks[0]!, 3);
    const feed = watch(client());
    await feed.untilStates('S1 up');
    banks[0]!.hold();
    feed.want({ type: 'blocks', from: 1, to: 3 });
    while (asked(banks[0]!, 'blocks') === 0) await new Promise(setImmediate);
    feed.want(undefined);
    banks[0]!.release();
    const events = feed.model.eventLog.events.length;
    banks[0]!.emit('later');
    await feed.until(({ eventLog }) => eventLog.events.length > events);
    expect(feed.news('blocks')).toEqual([]);
  });
});

describe('registers', () => {
  const scheme = { nodes: three, tokens: [{ id: '101', writer: 'S1', replicas: three, initial: undefined }] };
  const registers = [{ key: 'config/*', writer: 'S1', replicas: three }];

  test('layout and cells are shown as people read them, and again when something was written', async () => {
    const stand = keep(await RegisterStand.serve({ nodes: three, registers, tokens: scheme }));
    const client = keep(connect({ servers: stand.addresses }));
    await client.token('101').write({ name: 'abc', domain: { low: 1n, mid: 5n, high: 10n } });
    await client.register('config/a').write('blue');
    await client.register('config/b').write(Uint8Array.of(255, 0));
    await client.register('config/c').delete();
    const feed = watch(client);
    await feed.untilStates(up(...three));
    feed.want({ type: 'cells' });
    await feed.until(({ layout, servers: [first] }) => Boolean(layout) && first!.cells?.size === 4);
    const cells = feed.model.servers[0]!.cells!;
    expect(cells.get('token/101')).toMatchObject({ token: '101', tag: [1, 'S1'] });
    expect(cells.get('token/101')!.value).toBe('abc [1, 5, 10)  partial x=4 hash 2207634929195471568');
    expect(cells.get('config/a')).toEqual({ key: 'config/a', token: undefined, tag: [1, 'S1'], value: 'blue' });
    expect(cells.get('config/b')!.value).toBe('2 bytes: ff00');
    expect(cells.get('config/c')!.value).toBeUndefined();
    await client.register('config/a').write('red');
    stand.node('S1').change('figures');
    await feed.until(({ servers }) => servers[0]!.cells!.get('config/a')!.value === 'red');
    expect(viewFrame('registers', feed.model)).toContain('config/a');
  });

  test('a node that goes away keeps what it held, and is asked again when it is back', async () => {
    const stand = keep(await RegisterStand.serve({ nodes: three, registers }));
    const client = keep(connect({ servers: stand.addresses }));
    await client.register('config/a').write('blue');
    const feed = watch(client);
    feed.want({ type: 'cells' });
    await feed.until(({ servers }) => servers[0]?.cells?.size === 1);
    await stand.node('S1').hangUp();
    await feed.until(({ servers }) => servers[0]!.reach === 'unreachable');
    expect(feed.model.servers[0]!.cells!.size).toBe(1);
    const told = feed.news('cells').length;
    await stand.node('S1').serve();
    await feed.until(() =>
      feed
        .news('cells')
        .slice(told)
        .some(({ server }) => server === 'S1'),
    );
  });
});

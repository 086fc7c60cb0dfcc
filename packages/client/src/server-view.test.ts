import { afterEach, describe, expect, test } from '@jest/globals';
import { stands, text, three } from './testing/stand.js';

const stand = stands(afterEach);
const scheme = { nodes: three, tokens: [{ id: '101', writer: 'S1', replicas: three, initial: undefined }] };

describe('what one server of registers holds and tells', () => {
  test('its cells, tombstones and tokens included; one that was cut off holds none of it', async () => {
    const { stand: it, client } = await stand({ tokens: scheme });
    const one = client();
    it.isolate('S3', true);
    await one.register('one/b').write('new');
    await one.register('one/c').delete();
    await one.token('101').write({ name: 'abc', domain: { low: 1n, mid: 5n, high: 10n } });
    const held = async (server: string) => {
      const cells = new Map<string, string | undefined>();
      for await (const { key, cell } of one.registers.cells(server)) cells.set(key, text(cell.value));
      return cells;
    };
    const cells = await held('S1');
    expect([...cells.keys()].sort()).toEqual(['one/b', 'one/c', 'token/101']);
    expect([cells.get('one/b'), cells.get('one/c')]).toEqual(['new', undefined]);
    expect(await held('S3')).toEqual(new Map());
    expect(await one.registers.inspect('S1', 'one/b')).toMatchObject({ counter: 1, writer: 'S1' });
    expect(await one.registers.inspect('S3', 'one/b')).toBeUndefined();
  });

  test('the layout, as a server tells it, or as any does', async () => {
    const { stand: it, client, node } = await stand();
    const layout = { nodes: three.map((id, i) => ({ id, address: it.addresses[i] })), tokens: [] };
    expect(await client().registers.layout('S2')).toMatchObject(layout);
    await node('S1').hangUp();
    expect(await client().registers.layout()).toMatchObject(layout);
    await expect(client().registers.layout('S1')).rejects.toMatchObject({ code: 'unavailable', definite: true });
  });

  test('its report, then each new one, until the signal', async () => {
    const { client, node } = await stand();
    const one = client();
    expect(await one.registers.status('S2')).toMatchObject({ node: 'S2', cells: 0 });
    const watch = new AbortController();
    const cells: number[] = [];
    for await (const report of one.registers.watchStatus('S1', watch.signal)) {
      cells.push(report.cells);
      if (cells.length > 1) watch.abort();
      else await one.register('one/a').write('x');
      node('S1').change('state');
    }
    expect(cells).toEqual([0, 1]);
  });

  test('of a server that was replaced: who asks for it by its name is led to where the others say it is', async () => {
    const { client, node } = await stand();
    const one = client();
    await one.describe('S1');
    await node('S2').hangUp();
    await expect(one.registers.status('S2')).rejects.toMatchObject({ code: 'unavailable' });
    await node('S2').serve({ address: '127.0.0.1:0' });
    const { address } = node('S2');
    while (!one.servers.some((server) => server.address === address)) {
      await one.registers.status('S2').catch(() => new Promise(setImmediate));
    }
    expect(await one.registers.status('S2')).toMatchObject({ node: 'S2' });
  });

  test('a watch ends when its server stops', async () => {
    const { client, node } = await stand();
    const watching = client().registers.watchStatus('S1');
    expect((await watching.next()).value).toMatchObject({ node: 'S1' });
    const ended = watching.next();
    await node('S1').hangUp();
    await expect(ended).resolves.toMatchObject({ done: true });
  });
});

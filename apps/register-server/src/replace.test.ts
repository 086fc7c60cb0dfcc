import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SynodError } from '@synod/kernel';
import { firstReport, freeAddresses, type ServerProcess } from '@synod/server/testing';
import { ServerConnection, type RegisterConnection } from '@synod/transport/client';
import { Workspace } from './testing/workspace.js';

const others = ['S1', 'S2', 'S3', 'S5'];

let workspace: Workspace;
let processes: Map<string, ServerProcess>;
beforeEach(async () => {
  workspace = await Workspace.make({ nodes: 5 });
  processes = new Map(workspace.ids.map((id) => [id, workspace.spawn(id)]));
  await workspace.untilUp(...workspace.ids);
});
afterEach(() => workspace.close());

const bytes = (text: string): Buffer => Buffer.from(text);

async function textAt(registers: RegisterConnection, key: string): Promise<string | undefined> {
  return (await registers.read(key)).value?.toString();
}

/** The new S4, at an address of its own. */
class Successor {
  readonly address: string;
  readonly calls: ServerConnection;

  constructor(address: string) {
    this.address = address;
    this.calls = workspace.keep(new ServerConnection(address));
  }

  /** Starts it, on an empty disk the first time, with the same cluster.yaml as ever. */
  async start(): Promise<ServerProcess> {
    const args = ['--data', workspace.dataOf('S4-new'), '--listen', this.address, '--replacement'];
    const process = workspace.spawn('S4', ...args);
    await process.logged('server-started');
    return process;
  }

  async takesPart(): Promise<void> {
    await firstReport(
      (options) => this.calls.registers.watchStatus(options),
      ({ ready }) => ready,
    );
  }

  async replace(asked: string) {
    const { disk } = await this.calls.node.describe();
    return workspace.admin(asked).replace({ server: 'S4', disk, address: this.address });
  }
}

async function successor(): Promise<Successor> {
  const [address] = await freeAddresses(1);
  return new Successor(address!);
}

async function hearsOfReplacement(id: string): Promise<void> {
  for await (const { event } of workspace.at(id).node.watchEvents({ last: 10_000 })) {
    if (event.kind === 'server-replaced') return;
  }
}

/**
 * One writer counts up, others read, all the time. With one writer of rising numbers it is atomic if no read finds less
 * than was written, or read, before it began.
 */
class Traffic {
  /** The greatest number that a finished operation has shown. */
  #shown = 0;
  readonly #end = new AbortController();
  readonly #running: readonly Promise<void>[];
  reads = 0;

  constructor() {
    this.#running = [this.#count(), ...['S2', 'S3', 'S5'].map((id) => this.#read(id))];
  }

  get written(): number {
    return this.#shown;
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await Promise.all(this.#running);
  }

  async #count(): Promise<void> {
    for (let next = 1; !this.#end.signal.aborted; next++) {
      await workspace.at('S1').registers.write('config/count', bytes(String(next)));
      this.#shown = Math.max(this.#shown, next);
    }
  }

  async #read(id: string): Promise<void> {
    while (!this.#end.signal.aborted) {
      const before = this.#shown;
      const found = Number((await textAt(workspace.at(id).registers, 'config/count')) ?? 0);
      expect(found).toBeGreaterThanOrEqual(before);
      this.#shown = Math.max(this.#shown, found);
      this.reads++;
    }
  }
}

test('a dead node is replaced while the others go on, also when all start again with the old cluster.yaml', async () => {
  await workspace.at('S4').registers.write('shared', bytes('of the former S4'));
  await processes.get('S4')!.kill();
  await rm(workspace.dataOf('S4'), { recursive: true });

  const traffic = new Traffic();
  const next = await successor();
  const process = await next.start();
  const { registers } = next.calls;
  expect(await next.calls.node.describe()).toMatchObject({ server: 'S4', waits: true });
  await expect(registers.read('shared')).rejects.toMatchObject({ code: 'not_ready' });
  const replaced = await next.replace('S2');
  expect(replaced).toEqual({ type: 'configuration', version: 1 });
  expect(await next.replace('S3')).toEqual(replaced); // repeated, elsewhere
  await next.takesPart();
  expect(await textAt(registers, 'shared')).toBe('of the former S4');
  await registers.write('shared', bytes('of the new S4'));
  await traffic.stop();
  expect(traffic.reads).toBeGreaterThan(0);
  expect((await workspace.node('S5').describe()).servers).toContainEqual({ id: 'S4', address: next.address });
  expect((await workspace.at('S1').registers.layout()).nodes).toContainEqual({ id: 'S4', address: next.address });

  for (const id of others) await processes.get(id)!.kill();
  await process.kill();
  for (const id of ['S1', 'S5']) workspace.spawn(id);
  await next.start();
  await next.takesPart(); // with two others it is a majority
  await workspace.until('S1', ({ peers }) => peers.filter(({ linked }) => linked).length === 2);
  expect(await textAt(registers, 'config/count')).toBe(String(traffic.written));
  expect(await textAt(workspace.at('S5').registers, 'shared')).toBe('of the new S4');
  await workspace.at('S1').registers.write('config/count', bytes('again'));
  expect(await textAt(registers, 'config/count')).toBe('again');
});

test('a node that was only cut off is turned away for good when it comes back', async () => {
  await Promise.all(others.map((id) => workspace.admin(id).disconnect(['S4'])));
  const next = await successor();
  await next.start();
  const replaced = next.replace('S1');
  await Promise.all(others.map(hearsOfReplacement));
  await Promise.all(others.map((id) => workspace.admin(id).connect(['S4'])));
  expect(await processes.get('S4')!.exit).toEqual({ code: 4, signal: null });
  expect(processes.get('S4')!.stderr).toMatch(/^synod-register-server: S4 was replaced by disk [0-9a-f]{16} at .*\n$/);
  expect(await replaced).toEqual({ type: 'configuration', version: 1 });
});

test('what can not be replaced is refused in one line', async () => {
  const [disk, address] = ['00000000000000c4', '127.0.0.1:1'];
  const refused = (asked: string, server: string, more: { disk?: string; address?: string } = {}) =>
    workspace
      .admin(asked)
      .replace({ server, disk, address, ...more })
      .catch(({ code, message }: SynodError) => `${code}: ${message}`);
  expect(await refused('S1', 'S9')).toBe('unknown_server: node: no "S9" shares registers with S1');
  expect(await refused('S4', 'S4')).toBe('invalid_argument: node: S4 does not replace itself: ask another node');
  expect(await refused('S1', 'S4', { address: workspace.addressOf('S5') })).toBe(
    `invalid_argument: address: ${workspace.addressOf('S5')} is that of S5`,
  );
  const own = (await workspace.node('S5').describe()).disk;
  expect(await refused('S1', 'S4', { disk: own })).toBe(`invalid_argument: disk: ${own} is that of S5`);
});

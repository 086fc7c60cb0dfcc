import { setTimeout as sleep } from 'node:timers/promises';
import { SynodError, type ErrorCode } from '@synod/kernel';
import { ServerConnection, type NodeDescription, type Replaced } from '@synod/transport/client';
import type { ReplaceAnswer } from './answers/replace-answer.js';

/** Between two rounds of asking. */
const pauseMs = 500;
/** A server that does not say who it is in this time is not there. */
const patienceMs = 2_000;

export interface ReplaceOrder {
  readonly server: string;
  /** `host:port` of the server that takes its place. */
  readonly address: string;
  /** Whom to ask, `host:port` each; by default all that the new one is configured with. */
  readonly ask: readonly string[] | undefined;
  readonly timeoutMs: number;
}

/**
 * Asks the new server for its disk, then one live server after the other to give it the place, and waits until it takes
 * part. Rejects with `SynodError`: what can not be, at once; `no_quorum`, indefinite, if no majority was found in time.
 */
export async function replaceServer({ server, address, ask, timeoutMs }: ReplaceOrder): Promise<ReplaceAnswer> {
  const end = performance.now() + timeoutMs;
  const left = (): number => Math.max(1, end - performance.now());
  const next = await describe(address, left());
  refuseOther(next, server, address);
  const others = next.servers.filter((other) => other.id !== server && other.address !== address);
  const asked = ask ?? others.map((other) => other.address);
  if (next.waits) await refuseAlive(next, address, asked);
  const by = await untilReplaced(asked, { server, disk: next.disk, address }, left);
  const takesPart = await untilTakesPart(address, left);
  return { server, address, disk: next.disk, by, takesPart };
}

function describe(address: string, timeoutMs: number): Promise<NodeDescription> {
  return within(address, ({ node }) => node.describe({ timeoutMs }));
}

function refuseOther(next: NodeDescription, server: string, address: string): void {
  const { server: id, servers, disk, cluster, waits, since } = next;
  const wrong = (what: string) => new SynodError('invalid_argument', `${address}: ${what}`);
  const names = servers.map((one) => one.id);
  if (!names.includes(server)) throw wrong(`cluster ${cluster} has no ${server}: write ${names.join(', ')}`);
  if (id !== server) throw wrong(`is ${id} of cluster ${cluster}, not ${server}: start the new server as ${server}`);
  if (disk === '') throw wrong(`servers of this kind can not be replaced`);
  if (waits || since > 0) return;
  throw wrong(`${id} does not wait for a place there: start it on an empty data directory, with --replacement`);
}

/** Whoever still runs would be ended, and what it answers until then lost. One that nobody can reach is taken for gone. */
async function refuseAlive(
  { cluster, server, servers, disk }: NodeDescription,
  address: string,
  asked: readonly string[],
) {
  const told = await Promise.allSettled(asked.map((other) => describe(other, patienceMs)));
  const known = [servers, ...told.flatMap((one) => (one.status === 'fulfilled' ? [one.value.servers] : []))].flat();
  const places = new Set(known.flatMap((one) => (one.id === server && one.address !== address ? [one.address] : [])));
  for (const place of places) {
    const found = await describe(place, patienceMs).catch(() => undefined);
    if (found?.cluster !== cluster || found.server !== server || found.disk === disk) continue;
    throw new SynodError('invalid_argument', `${server} still runs at ${place}: stop it first, for good`);
  }
}

async function untilReplaced(
  asked: readonly string[],
  replacement: { server: string; disk: string; address: string },
  left: () => number,
): Promise<Replaced> {
  for (let turn = 0; ; turn++) {
    const address = asked[turn % asked.length]!;
    try {
      return await within(address, ({ admin }) => admin.replace(replacement, { timeoutMs: left() }));
    } catch (error) {
      if (!(error instanceof SynodError) || !passing.includes(error.code) || left() <= pauseMs) throw error;
    }
    if (turn % asked.length === asked.length - 1) await sleep(pauseMs);
  }
}

/**
 * Another server, or the same one later, may do it: and it is done once, however often it is asked. One that shares no
 * register with the replaced server knows nothing of it.
 */
const passing: readonly ErrorCode[] = [
  'unavailable',
  'not_ready',
  'no_quorum',
  'deadline',
  'replaced',
  'unknown_server',
];

async function untilTakesPart(address: string, left: () => number): Promise<boolean> {
  while (left() > pauseMs) {
    const { waits } = await describe(address, left()).catch(() => ({ waits: true }));
    if (!waits) return true;
    await sleep(pauseMs);
  }
  return false;
}

async function within<T>(address: string, make: (calls: ServerConnection) => Promise<T>): Promise<T> {
  const calls = new ServerConnection(address);
  try {
    return await make(calls);
  } catch (error) {
    if (!(error instanceof SynodError) || error.message.includes(address)) throw error;
    throw new SynodError(error.code, `${address}: ${error.message}`, { definite: error.definite, cause: error });
  } finally {
    calls.close();
  }
}

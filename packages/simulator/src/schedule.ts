import { SynodError, type NodeId } from '@synod/kernel';
import type { DiskConditions } from './disk.js';
import { faultKinds, type Fault, type Timed } from './fault.js';
import type { NetworkConditions } from './network.js';

/**
 * All that a run follows from, as plain data: JSON, and nothing that JSON would change. Times are virtual ms from the
 * moment at which the started system takes part.
 */
export interface Schedule<O = unknown> {
  /** The name of the system that it is for. */
  readonly system: string;
  readonly seed: number;
  readonly nodes: readonly NodeId[];
  readonly network: Partial<NetworkConditions>;
  readonly disk: Partial<DiskConditions>;
  /** What else the system is built with. */
  readonly limits: Readonly<Record<string, number>>;
  /** Then every fault ends, and all must come to rest. */
  readonly forMs: number;
  /** In order of time. */
  readonly faults: readonly Timed<Fault>[];
  /** In order of time. */
  readonly operations: readonly Timed<O>[];
}

/** Reads a schedule from JSON. Throws `SynodError` `invalid_argument`: what is wrong, and where. */
export function readSchedule(text: string): Schedule {
  const schedule = parse(text);
  if (!isObject(schedule)) throw refused('a JSON object is needed');
  const { system, seed, nodes, network, disk, limits, forMs, faults, operations } = schedule;
  demand(typeof system === 'string', 'system: the name of a system is needed');
  demand(Number.isSafeInteger(seed), 'seed: a whole number is needed');
  demand(
    isList(nodes) && nodes.length > 0 && nodes.every((node) => typeof node === 'string'),
    'nodes: names are needed',
  );
  for (const [name, value] of Object.entries({ network, disk, limits }))
    demand(isObject(value), `${name}: an object is needed`);
  demand(typeof forMs === 'number' && forMs >= 0, 'forMs: milliseconds are needed');
  for (const [name, list] of Object.entries({ faults, operations })) {
    demand(isList(list), `${name}: a list is needed`);
    for (const [i, item] of list.entries()) {
      demand(
        isObject(item) && typeof item['at'] === 'number' && item['at'] >= 0,
        `${name}[${i}].at: milliseconds are needed`,
      );
    }
  }
  const known: readonly string[] = faultKinds;
  for (const [i, { kind, node }] of (faults as Record<string, string>[]).entries()) {
    demand(known.includes(kind ?? ''), `faults[${i}].kind: ${JSON.stringify(kind)} is none of ${known.join(', ')}`);
    demand(
      node === undefined || (nodes as string[]).includes(node),
      `faults[${i}].node: ${JSON.stringify(node)} is no node`,
    );
  }
  return schedule as unknown as Schedule;
}

/** As JSON: one line for each fault and each operation, so that people can read and edit it. */
export function writeSchedule({ faults, operations, ...rest }: Schedule): string {
  const list = (items: readonly unknown[]): string =>
    items.length === 0 ? '[]' : `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
  const head = JSON.stringify(rest, null, 2).slice(0, -2);
  return `${head},\n  "faults": ${list(faults)},\n  "operations": ${list(operations)}\n}\n`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refused((error as Error).message);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function demand(holds: boolean, complaint: string): asserts holds {
  if (!holds) throw refused(complaint);
}

function refused(complaint: string): SynodError {
  return new SynodError('invalid_argument', `schedule: ${complaint}`);
}

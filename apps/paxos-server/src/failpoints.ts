import { compareNatural, SynodError, type Failpoints as FailpointsPort, type Input, type Stepped } from '@synod/kernel';
import type { LedgerProtocol } from '@synod/ledger';
import type { Failpoint, FailpointState } from '@synod/transport/server';

const points = ['before-write', 'after-write', 'after-release'] as const;
type Point = (typeof points)[number];

/** Inputs that a failpoint can wait for: every message that arrives, and the commands that change something. */
const inputTypes = [
  'prepare',
  'promise',
  'nack',
  'accept',
  'accepted',
  'commit',
  'withdraw',
  'status',
  'fetch',
  'blocks',
  'introduce',
  'acquainted',
  'transfer',
  'attempt-queue',
] as const satisfies readonly (
  LedgerProtocol['message']['type'] | Extract<LedgerProtocol['command']['type'], 'transfer' | 'attempt-queue'>
)[];

/** `accept:after-write` and so on, in natural order. */
export const failpointNames: readonly string[] = inputTypes
  .flatMap((type) => points.map((point) => `${type}:${point}`))
  .sort(compareNatural);

const knownNames = new Set(failpointNames);

/** How often a point was reached, and after how many times more it acts. */
interface Counter {
  reached: number;
  armed: number;
}

/**
 * Points in the life of a group of steps at which the process can be killed, named by what is in the group: a step
 * that took an input of that type counts once at each of the three points.
 */
export class Failpoints implements FailpointsPort<LedgerProtocol> {
  readonly #counters = new Map<string, Counter>(failpointNames.map((name) => [name, { reached: 0, armed: 0 }]));
  readonly #kill: () => void;

  /** `kill` must not return. */
  constructor(kill: () => void) {
    this.#kill = kill;
  }

  reached(point: Point, group: readonly Stepped<LedgerProtocol>[]): void {
    for (const { input } of group) {
      const counter = this.#counters.get(`${typeOf(input)}:${point}`);
      if (!counter) continue;
      counter.reached++;
      if (counter.armed > 0 && --counter.armed === 0) this.#kill();
    }
  }

  /** Throws `SynodError` `invalid_argument` if there is no such failpoint, or `hits` is not a number from 1. */
  set({ name, action, hits }: Failpoint): void {
    const counter = this.#counters.get(name);
    if (!counter) throw new SynodError('invalid_argument', noFailpoint(name));
    if (action === 'kill' && hits < 1) throw new SynodError('invalid_argument', `hits: from 1 on, not ${hits}`);
    counter.armed = action === 'kill' ? hits : 0;
  }

  states(): FailpointState[] {
    return [...this.#counters].map(([name, { reached, armed }]) => ({ name, reached, armed }));
  }
}

/** Reads `name` or `name:hits`. Throws `SynodError` `config`. */
export function parseFailpoint(text: string): Failpoint {
  const [, name = text, hits = '1'] = /^(.*):(\d+)$/.exec(text) ?? [];
  if (!knownNames.has(name)) throw new SynodError('config', `--failpoint: ${noFailpoint(name)}`);
  if (!(Number(hits) >= 1)) throw new SynodError('config', `--failpoint: hits are a number from 1 on, not ${hits}`);
  return { name, action: 'kill', hits: Number(hits) };
}

function noFailpoint(name: string): string {
  return `there is no failpoint ${JSON.stringify(name)}: write <type>:<point>, for example ${failpointNames[0]}`;
}

function typeOf(input: Input<LedgerProtocol>): string | undefined {
  if (input.kind === 'deliver') return input.message.type;
  return input.kind === 'invoke' ? input.command.type : undefined;
}

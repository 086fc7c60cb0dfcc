import { compareNatural, SynodError, type Failpoints as FailpointsPort, type Input, type Stepped } from '@synod/kernel';
import type { Failpoint, FailpointState } from '@synod/transport/server';
import type { ServedProtocol } from './served-protocol.js';

const points = ['before-write', 'after-write', 'after-release'] as const;
type Point = (typeof points)[number];

/** `<type>:after-write` and so on for every type of input, in natural order. */
export function failpointNames(types: readonly string[]): readonly string[] {
  return types.flatMap((type) => points.map((point) => `${type}:${point}`)).sort(compareNatural);
}

/** How often a point was reached, and after how many times more it acts. */
interface Counter {
  reached: number;
  armed: number;
}

/**
 * Points in the life of a group of steps at which the process can be killed, named by what is in the group: a step
 * that took an input of that type counts once at each of the three points.
 */
export class Failpoints<P extends ServedProtocol> implements FailpointsPort<P> {
  readonly #counters: ReadonlyMap<string, Counter>;
  readonly #kill: () => void;

  /** `types`: of the messages and commands that count. `kill` must not return. */
  constructor(types: readonly string[], kill: () => void) {
    this.#counters = new Map(failpointNames(types).map((name) => [name, { reached: 0, armed: 0 }]));
    this.#kill = kill;
  }

  reached(point: Point, group: readonly Stepped<P>[]): void {
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
    if (!counter) throw new SynodError('invalid_argument', this.#unknown(name));
    if (action === 'kill' && hits < 1) throw new SynodError('invalid_argument', `hits: from 1 on, not ${hits}`);
    counter.armed = action === 'kill' ? hits : 0;
  }

  /** Arms what `--failpoint` says: `name` or `name:hits`. Throws `SynodError` `config`. */
  arm(text: string): void {
    const [, name = text, hits = '1'] = /^(.*):(\d+)$/.exec(text) ?? [];
    if (!this.#counters.has(name)) throw new SynodError('config', `--failpoint: ${this.#unknown(name)}`);
    if (!(Number(hits) >= 1)) throw new SynodError('config', `--failpoint: hits are a number from 1 on, not ${hits}`);
    this.set({ name, action: 'kill', hits: Number(hits) });
  }

  states(): FailpointState[] {
    return [...this.#counters].map(([name, { reached, armed }]) => ({ name, reached, armed }));
  }

  #unknown(name: string): string {
    const [example] = this.#counters.keys();
    return `there is no failpoint ${JSON.stringify(name)}: write <type>:<point>, for example ${example}`;
  }
}

function typeOf<P extends ServedProtocol>(input: Input<P>): string | undefined {
  if (input.kind === 'deliver') return input.message.type;
  return input.kind === 'invoke' ? input.command.type : undefined;
}

import {
  ByteReader,
  ByteWriter,
  Effects,
  type Input,
  type Machine,
  type MachineDefinition,
  type NodeId,
  type Output,
} from '@synod/kernel';
import type { Application, Recovered } from '../application.js';
import type { StoreConfiguration } from '../data-directory.js';
import { Door } from '../doors/door.js';
import type { Instruments } from '../observation/instruments.js';

/** Adding up, one total on each server; the others are told of it. */
export interface CounterProtocol {
  command: { readonly type: 'add'; readonly amount: number };
  result: { readonly type: 'total'; readonly total: number };
  message: { readonly type: 'counted'; readonly total: number };
  record: number;
}

const key = 'counter/total';

const records = {
  encode: (_key: string, total: number, writer: ByteWriter) => writer.number(total),
  decode: (_key: string, bytes: Uint8Array) => new ByteReader(bytes).number(),
};

const messages = {
  encode: ({ total }: CounterProtocol['message']) => new ByteWriter().number(total).finish(),
  decode: (bytes: Uint8Array) => ({ type: 'counted', total: new ByteReader(bytes).number() }) as const,
};

class CounterMachine implements Machine<CounterProtocol> {
  readonly wakeAt = undefined;
  readonly #others: readonly NodeId[];
  #total: number;

  constructor(others: readonly NodeId[], total: number) {
    this.#others = others;
    this.#total = total;
  }

  step(input: Input<CounterProtocol>): Output<CounterProtocol> {
    const effects = new Effects<CounterProtocol>();
    if (input.kind !== 'invoke') return effects;
    this.#total += input.command.amount;
    if (input.command.amount > 0) {
      effects.put(key, this.#total);
      effects.toAll(this.#others, { type: 'counted', total: this.#total });
    }
    effects.answer(input.id, { type: 'total', total: this.#total });
    return effects;
  }
}

/** The smallest application: it shows all that a server asks for, and is what the server's own tests start. */
export class Counter implements Application<CounterProtocol> {
  readonly fingerprint = 'counter';
  readonly store: StoreConfiguration;
  readonly definition: MachineDefinition<CounterProtocol>;
  readonly codec = messages;
  readonly failpointTypes = ['add', 'counted'] as const;
  readonly subjectOf = ({ total }: CounterProtocol['message']): string => `total ${total}`;
  readonly door: Door<CounterProtocol>;
  readonly services = [];
  readonly instruments: Instruments;
  observer: Application<CounterProtocol>['observer'];
  silenceKey: Application<CounterProtocol>['silenceKey'];
  close: Application<CounterProtocol>['close'];

  /** `members`: of the whole cluster. A store that was made with others is refused. */
  constructor(instruments: Instruments, members: readonly NodeId[]) {
    this.instruments = instruments;
    const configuration = members.join(' ');
    const difference = (before: string) => (before === configuration ? undefined : `members ${before}`);
    this.store = { format: 'counter-1', configuration, difference, whenDamaged: 'Count anew.' };
    const others = members.filter((member) => member !== instruments.server);
    this.definition = {
      codec: records,
      live: { from: 'counter/', to: 'counter0' },
      recover() {
        let found = 0;
        return { add: (_, total) => (found = total), build: () => new CounterMachine(others, found) };
      },
    };
    this.door = new Door(instruments);
  }

  /** Adds, and returns the total. */
  async add(amount: number): Promise<number> {
    return (await this.door.ask({ type: 'add', amount }, 'total')).total;
  }

  async ready(): Promise<boolean> {
    await this.add(0);
    return true;
  }

  async recovered(): Promise<Recovered> {
    const total = await this.add(0);
    return { text: `a total of ${total}`, fields: { total: String(total) } };
  }
}

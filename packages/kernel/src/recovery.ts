import { PassingMap } from './passing-map.js';
import type { Machine, Protocol } from './machine.js';
import type { Clock, MachineBuilder, MachineDefinition, RecordCodec, RecordReader, Storage } from './ports.js';
import { witnessKey } from './witness.js';

/** What a machine is recovered with. */
export interface RecoveryOptions<P extends Protocol> {
  readonly definition: MachineDefinition<P>;
  readonly storage: Pick<Storage, 'get'>;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Makes a machine of what storage holds, and goes on to be its window on its own records: it shows what the machine has
 * persisted, written or not.
 */
export class Recovery<P extends Protocol> implements RecordReader<P['record']> {
  /** What is to be written next. */
  readonly unwritten = new PassingMap<string, P['record'] | undefined>();
  readonly #codec: RecordCodec<P['record']>;
  readonly #storage: Pick<Storage, 'get'>;
  readonly #builder: MachineBuilder<P>;

  constructor({ definition, storage, clock }: RecoveryOptions<P>) {
    this.#codec = definition.codec;
    this.#storage = storage;
    this.#builder = definition.recover(this, clock.now());
  }

  /** Takes what storage holds in the range `definition.live`, in key order. Throws `SynodError` `corrupt`. */
  take(key: string, bytes: Uint8Array): void {
    if (key !== witnessKey) this.#builder.add(key, this.#codec.decode(key, bytes));
  }

  /** Everything was taken. Called once. */
  machine(): Machine<P> {
    return this.#builder.build();
  }

  get(key: string): P['record'] | undefined {
    if (this.unwritten.has(key)) return this.unwritten.get(key);
    const bytes = this.#storage.get(key);
    return bytes === undefined ? undefined : this.#codec.decode(key, bytes);
  }
}

import type { RegisterPort, RegisterState, RegisterTag } from './register-port.js';

/** Registers of one process, for tests and examples. */
export class MemoryRegisters implements RegisterPort {
  readonly #writer: string;
  readonly #states = new Map<string, RegisterState>();
  #counter = 0;

  /** `writer` stands in the tags. */
  constructor(writer: string) {
    this.#writer = writer;
  }

  async read(key: string): Promise<RegisterState> {
    return this.#states.get(key) ?? { kind: 'empty' };
  }

  async write(key: string, value: Uint8Array): Promise<RegisterTag> {
    const tag = this.#nextTag();
    this.#states.set(key, { kind: 'value', value, tag });
    return tag;
  }

  async delete(key: string): Promise<RegisterTag> {
    const tag = this.#nextTag();
    this.#states.set(key, { kind: 'deleted', tag });
    return tag;
  }

  #nextTag(): RegisterTag {
    return [++this.#counter, this.#writer];
  }
}

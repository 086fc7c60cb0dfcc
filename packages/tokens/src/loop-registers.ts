import { invariant } from '@synod/kernel';
import type { RegisterCommand, RegisterResult } from '@synod/register';
import type { RegisterPort, RegisterState, RegisterTag } from './register-port.js';

/** Asks the register machine of this node. */
export type InvokeRegister = (command: RegisterCommand, done: (result: RegisterResult) => void) => void;

/** The registers of a node, as its machine serves them, under its tokens. */
export class LoopRegisters implements RegisterPort {
  readonly #invoke: InvokeRegister;

  constructor(invoke: InvokeRegister) {
    this.#invoke = invoke;
  }

  async read(key: string): Promise<RegisterState> {
    const { value, tag } = await this.#ask({ type: 'read', key }, 'value');
    if (!tag) return { kind: 'empty' };
    return value ? { kind: 'value', value, tag } : { kind: 'deleted', tag };
  }

  /** Alone: what a token's writer remembers of its state rests on this very write. */
  async write(key: string, value: Uint8Array): Promise<RegisterTag> {
    return (await this.#ask({ type: 'write', key, value, alone: true }, 'written')).tag;
  }

  async delete(key: string): Promise<RegisterTag> {
    return (await this.#ask({ type: 'delete', key }, 'written')).tag;
  }

  #ask<T extends 'value' | 'written'>(
    command: RegisterCommand,
    type: T,
  ): Promise<Extract<RegisterResult, { readonly type: T }>> {
    return new Promise((resolve, reject) => {
      this.#invoke(command, (result) => {
        if (result.type === 'error') return reject(result.error);
        invariant(result.type === type, `a register answers what it was asked, not '${result.type}'`);
        resolve(result as Extract<RegisterResult, { readonly type: T }>);
      });
    });
  }
}

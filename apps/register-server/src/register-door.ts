import { SynodError } from '@synod/kernel';
import type { RegisterCommand, RegisterProtocol, RegisterResult } from '@synod/register';
import { Door, type Instruments } from '@synod/server';
import type { InvokeRegister, RegisterConfig } from '@synod/tokens';
import type { CellSizes, RegisterBackend, RegisterLayout, RegisterReport } from '@synod/transport/server';
import type { Adoptions } from './observation/adoptions.js';

/** What clients reach of the registers: the machine, with operations timed, and the node's report. */
export class RegisterDoor extends Door<RegisterProtocol> implements RegisterBackend {
  readonly #config: Pick<RegisterConfig, 'registers' | 'tokens'>;
  readonly #adoptions: Adoptions;
  readonly #sizes: CellSizes;
  /** Tokens by their registers' keys. */
  readonly #tokens: ReadonlyMap<string, string>;
  /** Operations of tokens under way: between what they ask of the machine they search. */
  #tokenOperations = 0;

  constructor(
    instruments: Instruments,
    options: { config: RegisterConfig; tokens: ReadonlyMap<string, string>; adoptions: Adoptions; sizes: CellSizes },
  ) {
    super(instruments);
    this.#config = options.config;
    this.#tokens = options.tokens;
    this.#adoptions = options.adoptions;
    this.#sizes = options.sizes;
  }

  get layout(): RegisterLayout {
    const { registers, tokens } = this.#config;
    return { nodes: this.instruments.members.addresses, registers, tokens };
  }

  override get underWay(): number {
    return super.underWay + this.#tokenOperations;
  }

  /** The way of the tokens, whose operations enter by `during`, and are checked and timed by others. */
  readonly invokeForTokens: InvokeRegister = (command, done) => this.invokeWithin(command, done);

  /** Runs an operation of a token to its end, also if the stop begins meanwhile. Rejects if it has begun. */
  async during<T>(operation: () => Promise<T>): Promise<T> {
    if (this.refusal) throw this.refusal;
    this.#tokenOperations++;
    try {
      return await operation();
    } finally {
      this.#tokenOperations--;
    }
  }

  override invoke(command: RegisterCommand, done: (result: RegisterResult) => void): void {
    switch (command.type) {
      case 'write':
      case 'delete': {
        const token = this.#tokens.get(command.key);
        if (token !== undefined) return void setImmediate(done, { type: 'error', error: isToken(command.key, token) });
        return this.#timed(command, command.key, done);
      }
      case 'read':
        return this.#timed(command, command.key, done);
      case 'consult':
        return this.#timed(command, command.keys[0]!, done);
      default:
        return super.invoke(command, done);
    }
  }

  sizeOf(key: string): number {
    return this.#sizes.of(key);
  }

  onAdopted(key: string, listener: () => void): () => void {
    return this.#adoptions.add(key, listener);
  }

  async report(): Promise<RegisterReport> {
    const { node, standing, cells, active, peers } = (await this.ask({ type: 'status' }, 'status')).status;
    const { requests, writes, loopDelayMs } = this.instruments.metrics.report({ recent: 0 });
    return {
      node,
      ready: standing === 'member' && peers.every(({ knowsThis }) => knowsThis),
      recovering: standing !== 'member',
      cells,
      active,
      peers: peers.map(({ node, linked, knowsThis }) => ({ node, linked, knowsThis })),
      silences: this.instruments.silence.list(),
      performance: {
        operationsPerSecond: requests.perSecond,
        p50Ms: requests.p50Ms,
        p99Ms: requests.p99Ms,
        writes,
        loopDelayMs,
      },
    };
  }

  #timed(command: RegisterCommand, key: string, done: (result: RegisterResult) => void): void {
    const arrived = performance.now();
    super.invoke(command, (result) => {
      const status = result.type === 'error' ? result.error.code : command.type;
      this.instruments.metrics.decided(key, status, performance.now() - arrived);
      done(result);
    });
  }
}

function isToken(key: string, token: string): SynodError {
  const name = JSON.stringify(token);
  return new SynodError('invalid_argument', `key ${JSON.stringify(key)} holds token ${name}: use the token service`);
}

import type { SynodError } from '@synod/kernel';
import { asSynodError } from '../errors/wire-errors.js';
import type { Operation, OperationResult } from '../gen/synod/token/v1/token_service.js';
import { Door, type DoorOptions } from '../session/door.js';
import { wholeServer, type Topic } from '../silence/topic.js';
import type { TokenOperation, TokenOutcome } from './operation.js';
import type { TokenBackend } from './token-backend.js';
import { readOperation, writeResult } from './token-wire.js';

/** Through here every operation of a token enters. */
export class TokenDoor extends Door<Operation, TokenOutcome, OperationResult> {
  readonly #backend: TokenBackend;

  constructor(backend: TokenBackend, options: DoorOptions) {
    super(options);
    this.#backend = backend;
  }

  sizeOf({ result }: OperationResult): number {
    if (result?.$case === 'read') return 128 + result.value.id.length + result.value.name.length;
    return 96 + (result?.$case === 'failure' ? result.value.message.length : 0);
  }

  askedBytes(): number {
    return 0;
  }

  protected begin(request: Operation, done: (result: TokenOutcome | SynodError) => void): () => void {
    const operation = readOperation(request);
    const gone = new AbortController();
    this.#do(operation, gone.signal).then(done, (error: unknown) => done(asSynodError(error)));
    return () => gone.abort();
  }

  protected write(result: TokenOutcome | SynodError): OperationResult {
    return writeResult(result);
  }

  protected topicOf({ operation }: Operation): Topic {
    if (!operation) return wholeServer;
    const phase = operation.$case === 'read' ? 'read' : 'write';
    return { keys: [this.#backend.keyOf(operation.value.id)], phase };
  }

  async #do(operation: TokenOperation, signal: AbortSignal): Promise<TokenOutcome> {
    switch (operation.type) {
      case 'create':
        return { type: 'created', ...(await this.#backend.create(operation.id, { signal })) };
      case 'drop':
        return { type: 'dropped', ...(await this.#backend.drop(operation.id, { signal })) };
      case 'write':
        return { type: 'written', ...(await this.#backend.write(operation, { signal })) };
      case 'read':
        return { type: 'read', ...(await this.#backend.read(operation.id, { signal })) };
    }
  }
}

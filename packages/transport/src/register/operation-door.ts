import type { SynodError } from '@synod/kernel';
import type { Operation, OperationResult } from '../gen/synod/register/v1/register_service.js';
import { resultOr } from '../node/ask.js';
import { Door, type DoorOptions } from '../session/door.js';
import { wholeServer, type Topic } from '../silence/topic.js';
import type { OperationOutcome } from './operation.js';
import type { RegisterBackend } from './register-backend.js';
import { readOperation, writeResult } from './register-wire.js';

/** About what an operation under way takes, beside its bytes. */
const operationBytes = 512;

/** Through here every operation of a register enters. */
export class OperationDoor extends Door<Operation, OperationOutcome, OperationResult> {
  readonly #backend: RegisterBackend;

  constructor(backend: RegisterBackend, options: DoorOptions) {
    super(options);
    this.#backend = backend;
  }

  sizeOf({ result }: OperationResult): number {
    if (result?.$case === 'read') return 48 + (result.value.value?.length ?? 0);
    return 48 + (result?.$case === 'failure' ? result.value.message.length : 0);
  }

  askedBytes(request: Operation | undefined): number {
    const operation = request?.operation;
    return operation?.$case === 'write' ? operation.value.value.length : 0;
  }

  /** Of a read it is known what this node itself holds. */
  override weigh(request: Operation | undefined): number {
    const operation = request?.operation;
    if (operation?.$case === 'read') return operationBytes + this.#backend.sizeOf(operation.value.key);
    return operationBytes + this.askedBytes(request);
  }

  protected begin(request: Operation, done: (result: OperationOutcome | SynodError) => void): undefined {
    this.#backend.invoke(readOperation(request), (result) => done(resultOr(result, 'value', 'written')));
  }

  protected write(result: OperationOutcome | SynodError): OperationResult {
    return writeResult(result);
  }

  protected topicOf({ operation }: Operation): Topic {
    if (!operation) return wholeServer;
    return { keys: [operation.value.key], phase: operation.$case === 'read' ? 'read' : 'write' };
  }
}

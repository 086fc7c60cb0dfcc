import { SynodError } from '@synod/kernel';
import { defaultLimits, type ConsultCommand } from '@synod/register';
import { resultOr } from '../node/ask.js';
import { Door, type DoorOptions } from '../session/door.js';
import type { Topic } from '../silence/topic.js';
import type { OperationAnswer, OperationOutcome, RegisterOperation } from './operation.js';
import type { RegisterBackend } from './register-backend.js';
import { checkOperation } from './register-checks.js';

/** About what an operation under way takes, beside its bytes. */
const operationBytes = 512;
/** The same for one key of many, and for what is said of it. */
const keyBytes = 128;
/** Values in one answer, bytes: a page of them, and one more. */
const mostReplied = defaultLimits.pageBytes + defaultLimits.valueBytes;

/** Through here every operation of a register enters. */
export class OperationDoor extends Door<RegisterOperation, OperationOutcome, OperationAnswer> {
  /** An item without a request and one whose request has no operation are the same here. */
  protected override readonly asked = 'operation';
  readonly #backend: RegisterBackend;

  constructor(backend: RegisterBackend, options: DoorOptions) {
    super(options);
    this.#backend = backend;
  }

  sizeOf(answer: OperationAnswer): number {
    if (answer instanceof SynodError) return 48 + answer.message.length;
    if (answer.type === 'consulted') return answer.replies.reduce((sum, reply) => sum + 64 + valueBytes(reply), 48);
    return 48 + (answer.type === 'value' ? valueBytes(answer) : 0);
  }

  askedBytes(operation: RegisterOperation | undefined): number {
    if (operation?.type === 'consult') return keyBytes * operation.keys.length;
    return operation?.type === 'write' ? operation.value.length : 0;
  }

  /** Of a read it is known what this node itself holds. */
  override weigh(operation: RegisterOperation | undefined): number {
    if (operation?.type === 'read') return operationBytes + this.#backend.sizeOf(operation.key);
    if (operation?.type === 'consult') return operationBytes + this.#weighReplies(operation);
    return operationBytes + this.askedBytes(operation);
  }

  protected begin(operation: RegisterOperation, done: (answer: OperationAnswer) => void): undefined {
    this.#backend.invoke(checkOperation(operation), (result) =>
      done(resultOr(result, 'value', 'consulted', 'written')),
    );
  }

  protected write(answer: OperationAnswer): OperationAnswer {
    return answer;
  }

  protected topicOf(operation: RegisterOperation): Topic {
    if (operation.type === 'consult') return { keys: operation.keys, phase: 'read' };
    return { keys: [operation.key], phase: operation.type === 'read' ? 'read' : 'write' };
  }

  #weighReplies({ keys, timestampOnly }: ConsultCommand): number {
    let bytes = 0;
    if (!timestampOnly) for (const key of keys) bytes += this.#backend.sizeOf(key);
    return keyBytes * keys.length + Math.min(bytes, mostReplied);
  }
}

function valueBytes(holder: { readonly value: Uint8Array | undefined } | undefined): number {
  return holder?.value?.length ?? 0;
}

import { SynodError } from '@synod/kernel';
import { resultOr } from '../node/ask.js';
import { Door, type DoorOptions } from '../session/door.js';
import type { Topic } from '../silence/topic.js';
import type { OperationAnswer, OperationOutcome, RegisterOperation } from './operation.js';
import type { RegisterBackend } from './register-backend.js';
import { checkOperation } from './register-checks.js';

/** About what an operation under way takes, beside its bytes. */
const operationBytes = 512;

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
    return 48 + (answer.type === 'written' ? 0 : (answer.value?.length ?? 0));
  }

  askedBytes(operation: RegisterOperation | undefined): number {
    return operation?.type === 'write' ? operation.value.length : 0;
  }

  /** Of a read it is known what this node itself holds. */
  override weigh(operation: RegisterOperation | undefined): number {
    const tells = operation?.type === 'read' || (operation?.type === 'consult' && !operation.timestampOnly);
    if (tells) return operationBytes + this.#backend.sizeOf(operation.key);
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

  protected topicOf({ type, key }: RegisterOperation): Topic {
    return { keys: [key], phase: type === 'read' || type === 'consult' ? 'read' : 'write' };
  }
}

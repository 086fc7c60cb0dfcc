import { invariant, SynodError } from '@synod/kernel';

type Answer = { readonly type: string };
type Failure = { readonly type: 'error'; readonly error: SynodError };
type Found<Result extends Answer, Type extends Result['type']> = Extract<Result, { readonly type: Type }>;

/** Whatever takes the commands of a machine. */
interface Asked<Command, Result> {
  invoke(command: Command, done: (result: Result) => void): void;
}

/** Asks the machine and expects an answer of one type. Rejects with the machine's `SynodError`. */
export function ask<Command, Result extends Answer, const Type extends Result['type']>(
  backend: Asked<Command, Result | Failure>,
  command: Command,
  type: Type,
): Promise<Found<Result, Type>> {
  return new Promise((resolve, reject) => {
    backend.invoke(command, (result) => {
      const found = resultOr(result, type);
      if (found instanceof SynodError) reject(found);
      else resolve(found);
    });
  });
}

/** A result of one of these types, or the machine's error. */
export function resultOr<Result extends Answer, const Type extends Result['type']>(
  result: Result | Failure,
  ...types: readonly Type[]
): Found<Result, Type> | SynodError {
  if (isFailure(result)) return result.error;
  invariant(isOf(result, types), `the machine answers what it was asked, not '${result.type}'`);
  return result;
}

function isFailure(result: Answer): result is Failure {
  return result.type === 'error';
}

function isOf<Result extends Answer, Type extends Result['type']>(
  result: Result,
  types: readonly Type[],
): result is Found<Result, Type> {
  return (types as readonly string[]).includes(result.type);
}

import { SynodError } from '@synod/kernel';
import { Call } from './call.js';
import type { ClientCore } from './client-core.js';
import type { ChangeOptions } from './options.js';
import type { Traffic } from './traffic.js';

type OfType<Outcome, Type> = Extract<Outcome, { readonly type: Type }>;

/** One result for each command, in order. Rejects with `SynodError` `invalid_argument` for options. */
export async function askMany<Command, Outcome extends { readonly type: string }, Type extends Outcome['type']>(
  core: ClientCore,
  traffic: Traffic<Command, Outcome>,
  commands: readonly (Command | SynodError)[],
  type: Type,
  options: ChangeOptions,
): Promise<(OfType<Outcome, Type> | SynodError)[]> {
  const results = await new Call(core, traffic, commands, options).run();
  return results.map((result) => expectType(result, type));
}

/** Rejects with `SynodError`. */
export async function ask<Command, Outcome extends { readonly type: string }, Type extends Outcome['type']>(
  core: ClientCore,
  traffic: Traffic<Command, Outcome>,
  command: Command,
  type: Type,
  options: ChangeOptions,
): Promise<OfType<Outcome, Type>> {
  const [result] = await askMany(core, traffic, [command], type, options);
  if (result instanceof SynodError) throw result;
  return result!;
}

/** A server that answers something else than it was asked is not believed. */
function expectType<Outcome extends { readonly type: string }, Type extends Outcome['type']>(
  result: Outcome | SynodError,
  type: Type,
): OfType<Outcome, Type> | SynodError {
  if (result instanceof SynodError) return result;
  if (result.type === type) return result as OfType<Outcome, Type>;
  return new SynodError('internal', `the server answered '${result.type}' instead of '${type}'`, { definite: false });
}

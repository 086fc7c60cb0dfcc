import { SynodError } from '@synod/kernel';
import { Call } from './call.js';
import type { ClientCore } from './client-core.js';
import type { ChangeOptions } from './options.js';
import type { Traffic } from './traffic.js';

/** What a caller gets of an outcome. */
type View<Outcome, Result> = (outcome: Outcome) => Result | SynodError;

/** Rejects with `SynodError`. */
export function ask<Command, Outcome, Result>(
  core: ClientCore,
  traffic: Traffic<Command, Outcome>,
  command: Command,
  options: ChangeOptions,
  view: View<Outcome, Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const call = new Call(core, traffic, options, (_, outcome) => {
      const result = outcome instanceof SynodError ? outcome : view(outcome);
      if (result instanceof SynodError) reject(result);
      else resolve(result);
    });
    call.start([command]);
  });
}

/**
 * One result for each command, in order; an error in place of a command is its result. Rejects with `SynodError`
 * `invalid_argument` for options.
 */
export function askMany<Command, Outcome, Result>(
  core: ClientCore,
  traffic: Traffic<Command, Outcome>,
  wanted: readonly (Command | SynodError)[],
  options: ChangeOptions,
  view: View<Outcome, Result>,
): Promise<(Result | SynodError)[]> {
  return new Promise((resolve) => {
    const results = new Array<Result | SynodError>(wanted.length);
    const commands: Command[] = [];
    /** Where the results of the commands belong. */
    const places: number[] = [];
    for (const [place, command] of wanted.entries()) {
      if (command instanceof SynodError) results[place] = command;
      else places[commands.push(command) - 1] = place;
    }
    let missing = commands.length;
    const call = new Call(core, traffic, options, (number, outcome) => {
      results[places[number]!] = outcome instanceof SynodError ? outcome : view(outcome);
      if (--missing === 0) resolve(results);
    });
    if (missing === 0) resolve(results);
    call.start(commands);
  });
}

/** A server that answers something else than it was asked is not believed. */
export function strange({ type }: { readonly type: string }): SynodError {
  return new SynodError('internal', `the server answered '${type}', which was not asked for`, { definite: false });
}

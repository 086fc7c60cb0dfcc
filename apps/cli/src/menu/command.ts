import type { NodeId } from '@synod/kernel';
import type { Facts } from './facts.js';
import type { ArgumentKind, System } from './known-names.js';
import type { Operator } from './operator.js';

export interface Argument {
  readonly kind: ArgumentKind;
  /** As in the menu: `<server> or all`. */
  readonly shown: string;
  /** `all` is possible. */
  readonly all?: boolean;
  /** It can be left out. */
  readonly optional?: boolean;
}

/** One command of the menu: a row of the one table behind every face. */
export interface Command {
  /** As printed in the menu; undefined for the later ones. */
  readonly number: number | undefined;
  readonly name: string;
  /** What must run for it; undefined: either. */
  readonly of: System | undefined;
  readonly arguments: readonly Argument[];
  readonly summary: string;
  /** Why it can not be used here, whatever stands behind it; undefined: it can. */
  unavailable?(operator: Operator): string | undefined;
  /**
   * What it would do if it were given now, in one line. Throws `SynodError` if it is known to be refused. `values`: one
   * for each argument, names as they are configured; undefined for one that was left out.
   */
  forecast(operator: Operator, values: readonly (string | undefined)[]): string;
  /** Does it. */
  run(operator: Operator, values: readonly (string | undefined)[], options: CommandOptions): Promise<Facts>;
}

export interface CommandOptions {
  /** Print facts as JSON; `Performance` then tells of every request that is kept. */
  readonly json: boolean;
}

type ValuesOf<Arguments extends readonly Argument[]> = {
  readonly [I in keyof Arguments]: Arguments[I] extends { readonly optional: true } ? string | undefined : string;
};

/** A row of the table, whose functions get exactly the values that its arguments stand for. */
export function command<const Arguments extends readonly Argument[]>(
  row: Omit<Command, 'arguments' | 'forecast' | 'run'> & {
    readonly arguments: Arguments;
    forecast(operator: Operator, values: ValuesOf<Arguments>): string;
    run(operator: Operator, values: ValuesOf<Arguments>, options: CommandOptions): Promise<Facts>;
  },
): Command {
  return row;
}

/** The servers or accounts that are meant. */
export function each(target: string, all: readonly NodeId[]): readonly NodeId[] {
  return target === 'all' ? all : [target];
}

/** `PrintLog <server> or all` */
export function usage({ name, arguments: expected }: Pick<Command, 'name' | 'arguments'>): string {
  return [name, ...expected.map(({ shown }) => shown)].join(' ');
}

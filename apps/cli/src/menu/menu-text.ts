import { usage, type Command } from './command.js';
import { commands } from './commands.js';
import { runs, type KnownNames } from './known-names.js';

/** The menu as it is printed: the numbered commands, and those of the registers, that can be used here. */
export function menuLines(names: KnownNames): string[] {
  return available(names)
    .filter(({ number, of }) => number !== undefined || of === 'registers')
    .map(({ number, ...command }) => `${number === undefined ? '  ' : `${number}.`} ${usage(command)}`);
}

/** Every command that can be used here, with its summary, for `help`. */
export function helpLines(names: KnownNames): string[] {
  const rows = available(names).map((command) => [usage(command), command.summary] as const);
  rows.push(['help', 'this list'], ['quit', 'stop all servers and leave']);
  const width = Math.max(...rows.map(([left]) => left.length));
  const lines = rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
  lines.push('  A number or a name works, case ignored. --json after any command prints its facts as JSON.');
  if (names.ledger) {
    lines.push('  BalanceMap also takes an account (account:S1 where a server has its name) or all.');
  }
  if (names.registers) lines.push('  Names of tokens that hold spaces or commas stand in double quotes.');
  return lines;
}

function available(names: KnownNames): readonly Command[] {
  return commands.filter((command) => runs(command.of, names));
}

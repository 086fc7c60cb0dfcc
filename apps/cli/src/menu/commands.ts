import type { NodeId } from '@synod/kernel';
import type { Facts } from './facts.js';
import type { Operator } from './operator.js';

/** What stands behind a command's name. */
export type Argument = 'account' | 'server' | 'server or account';

/** One command of the menu: the one table behind every face. */
export interface Command {
  /** As printed in the menu; undefined for the later ones. */
  readonly number: number | undefined;
  readonly name: string;
  readonly argument: Argument | undefined;
  /** `all` is a possible argument. */
  readonly all: boolean;
  readonly summary: string;
  run(operator: Operator, target: string, options: CommandOptions): Promise<Facts>;
}

export interface CommandOptions {
  /** Print facts as JSON; `Performance` then tells of every transfer that is kept. */
  readonly json: boolean;
}

const each = (operator: Operator, target: string): readonly NodeId[] => {
  return target === 'all' ? operator.servers : [target];
};

export const commands: readonly Command[] = [
  {
    number: 1,
    name: 'PrintBalance',
    argument: 'account',
    all: true,
    summary: 'the spendable balance of an account on its home server',
    run: (operator, target) => operator.balances(target === 'all' ? operator.accounts : [target]),
  },
  {
    number: 2,
    name: 'PrintLog',
    argument: 'server',
    all: true,
    summary: 'the local log of a server, and what is pending',
    run: (operator, target) => operator.logs(each(operator, target)),
  },
  {
    number: 3,
    name: 'PrintDB',
    argument: 'server',
    all: true,
    summary: 'the committed blocks of a server',
    run: (operator, target) => operator.blocks(each(operator, target)),
  },
  {
    number: 4,
    name: 'Performance',
    argument: 'server',
    all: true,
    summary: 'figures per RPC method and per transfer (--json: every transfer kept)',
    run: (operator, target, { json }) => operator.performance(each(operator, target), json),
  },
  {
    number: 5,
    name: 'NextIteration',
    argument: undefined,
    all: false,
    summary: 'play the next set of the file',
    run: async (operator) => (await operator.nextIteration()) ?? operator.noMoreSets(),
  },
  {
    number: 6,
    name: 'CrashServer',
    argument: 'server',
    all: false,
    summary: 'kill the process of a server (SIGKILL)',
    run: (operator, server) => operator.crash(server),
  },
  {
    number: 7,
    name: 'BalanceMap',
    argument: 'server or account',
    all: true,
    summary: 'every account as a server knows it; or one account on every server, and the aggregate',
    run: (operator, target) => operator.balanceMap(target),
  },
  {
    number: undefined,
    name: 'RestartServer',
    argument: 'server',
    all: false,
    summary: 'start a crashed server on its data',
    run: (operator, server) => operator.restart(server),
  },
  {
    number: undefined,
    name: 'Disconnect',
    argument: 'server',
    all: false,
    summary: 'cut the links of a server to all others, until Connect or the next set',
    run: (operator, server) => operator.disconnect(server),
  },
  {
    number: undefined,
    name: 'Connect',
    argument: 'server',
    all: false,
    summary: 'link a server to all others that are connected',
    run: (operator, server) => operator.connect(server),
  },
];

/** The menu as it is printed. */
export function menuLines(): string[] {
  return commands
    .filter(({ number }) => number !== undefined)
    .map(({ number, ...command }) => `${number}. ${usage(command)}`);
}

/** `PrintLog <server> or all` */
export function usage({ name, argument, all }: Pick<Command, 'name' | 'argument' | 'all'>): string {
  if (argument === undefined) return name;
  if (name === 'PrintBalance') return `${name} <client> or all`;
  if (name === 'BalanceMap') return `${name} <server>`;
  return `${name} <${argument}>${all ? ' or all' : ''}`;
}

/** Every command with its summary, for `help`. */
export function helpLines(): string[] {
  const rows = commands.map((command) => [usage(command), command.summary] as const);
  rows.push(['help', 'this list'], ['quit', 'stop all servers and leave']);
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    '  A number or a name works, case ignored. BalanceMap also takes an account (account:S1 where a server has its',
    '  name) or all. --json after any command prints its facts as JSON.',
  ];
}

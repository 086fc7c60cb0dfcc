import type { NodeId } from '@synod/kernel';
import { parseDomain } from '@synod/tokens/vocabulary';
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

/** One command of the menu: the one table behind every face. */
export interface Command {
  /** As printed in the menu; undefined for the later ones. */
  readonly number: number | undefined;
  readonly name: string;
  /** What must run for it; undefined: either. */
  readonly of: System | undefined;
  readonly arguments: readonly Argument[];
  readonly summary: string;
  /** `values`: one for each argument, names as they are configured; undefined for one that was left out. */
  run(operator: Operator, values: readonly (string | undefined)[], options: CommandOptions): Promise<Facts>;
}

export interface CommandOptions {
  /** Print facts as JSON; `Performance` then tells of every request that is kept. */
  readonly json: boolean;
}

type ValuesOf<Arguments extends readonly Argument[]> = {
  readonly [I in keyof Arguments]: Arguments[I] extends { readonly optional: true } ? string | undefined : string;
};

/** A row of the table, whose `run` gets exactly the values that its arguments stand for. */
function command<const Arguments extends readonly Argument[]>(
  row: Omit<Command, 'arguments' | 'run'> & {
    readonly arguments: Arguments;
    run(operator: Operator, values: ValuesOf<Arguments>, options: CommandOptions): Promise<Facts>;
  },
): Command {
  return row;
}

const server = { kind: 'server', shown: '<server>' } as const;
const everyLedgerServer = { kind: 'ledger server', shown: '<server> or all', all: true } as const;
const token = { kind: 'token', shown: '<id>' } as const;

const each = (target: string, all: readonly NodeId[]): readonly NodeId[] => (target === 'all' ? all : [target]);

const numbered: readonly Command[] = [
  command({
    number: 1,
    name: 'PrintBalance',
    of: 'ledger',
    arguments: [{ kind: 'account', shown: '<client> or all', all: true }],
    summary: 'the spendable balance of an account on its home server',
    run: ({ ledger }, [target]) => ledger.balances(each(target, ledger.accounts)),
  }),
  command({
    number: 2,
    name: 'PrintLog',
    of: 'ledger',
    arguments: [everyLedgerServer],
    summary: 'the local log of a server, and what is pending',
    run: ({ ledger }, [target]) => ledger.logs(each(target, ledger.servers)),
  }),
  command({
    number: 3,
    name: 'PrintDB',
    of: 'ledger',
    arguments: [everyLedgerServer],
    summary: 'the committed blocks of a server',
    run: ({ ledger }, [target]) => ledger.blocks(each(target, ledger.servers)),
  }),
  command({
    number: 4,
    name: 'Performance',
    of: undefined,
    arguments: [{ kind: 'server', shown: '<server> or all', all: true }],
    summary: 'figures per RPC method and per transfer or operation (--json: every one kept)',
    run: (operator, [target], { json }) => operator.performance(each(target, operator.servers), json),
  }),
  command({
    number: 5,
    name: 'NextIteration',
    of: 'ledger',
    arguments: [],
    summary: 'play the next set of the file',
    run: async ({ ledger }) => (await ledger.nextIteration()) ?? ledger.noMoreSets(),
  }),
  command({
    number: 6,
    name: 'CrashServer',
    of: undefined,
    arguments: [server],
    summary: 'kill the process of a server (SIGKILL)',
    run: (operator, [target]) => operator.of(target).crash(target),
  }),
  command({
    number: 7,
    name: 'BalanceMap',
    of: 'ledger',
    arguments: [{ kind: 'server or account', shown: '<server>', all: true }],
    summary: 'every account as a server knows it; or one account on every server, and the aggregate',
    run: ({ ledger }, [target]) => ledger.balanceMap(target),
  }),
];

const ofServers: readonly Command[] = [
  command({
    number: undefined,
    name: 'RestartServer',
    of: undefined,
    arguments: [server],
    summary: 'start a crashed server on its data',
    run: (operator, [target]) => operator.of(target).restart(target),
  }),
  command({
    number: undefined,
    name: 'Disconnect',
    of: undefined,
    arguments: [server],
    summary: 'cut the links of a server to all others, until Connect (or the next set of a file)',
    run: (operator, [target]) => operator.of(target).disconnect(target),
  }),
  command({
    number: undefined,
    name: 'Connect',
    of: undefined,
    arguments: [server],
    summary: 'link a server to all others that are connected',
    run: (operator, [target]) => operator.of(target).connect(target),
  }),
];

const silenceArguments = [
  { kind: 'register server', shown: '<server>' },
  { kind: 'token', shown: '[token]', optional: true },
] as const;

const ofRegisters: readonly Command[] = [
  command({
    number: undefined,
    name: 'Tokens',
    of: 'registers',
    arguments: [],
    summary: 'every token: who writes and reads it, and what each of its replicas holds',
    run: ({ registers }) => registers.tokens(),
  }),
  command({
    number: undefined,
    name: 'ReadToken',
    of: 'registers',
    arguments: [token],
    summary: 'read a token at a majority of its replicas: name, domain, partial and final state',
    run: ({ registers }, [id]) => registers.read(id),
  }),
  command({
    number: undefined,
    name: 'WriteToken',
    of: 'registers',
    arguments: [
      token,
      { kind: 'text', shown: '<name>' },
      { kind: 'text', shown: '<low>' },
      { kind: 'text', shown: '<mid>' },
      { kind: 'text', shown: '<high>' },
    ],
    summary: 'give a token its name and domain, low <= mid < high; answers the partial state',
    run: ({ registers }, [id, name, low, mid, high]) => registers.write(id, name, parseDomain(low, mid, high)),
  }),
  command({
    number: undefined,
    name: 'CreateToken',
    of: 'registers',
    arguments: [token],
    summary: 'create a token anew that was dropped',
    run: ({ registers }, [id]) => registers.create(id),
  }),
  command({
    number: undefined,
    name: 'DropToken',
    of: 'registers',
    arguments: [token],
    summary: 'drop a token: it has neither name nor state any more',
    run: ({ registers }, [id]) => registers.drop(id),
  }),
  command({
    number: undefined,
    name: 'Silence',
    of: 'registers',
    arguments: silenceArguments,
    summary: 'a server sends nothing more about a token, or about anything',
    run: ({ registers }, [target, about]) => registers.silence(target, about),
  }),
  command({
    number: undefined,
    name: 'Unsilence',
    of: 'registers',
    arguments: silenceArguments,
    summary: 'lift the silence of a server about a token, or all its silences',
    run: ({ registers }, [target, about]) => registers.unsilence(target, about),
  }),
];

export const commands: readonly Command[] = [...numbered, ...ofServers, ...ofRegisters];

/** `PrintLog <server> or all` */
export function usage({ name, arguments: expected }: Pick<Command, 'name' | 'arguments'>): string {
  return [name, ...expected.map(({ shown }) => shown)].join(' ');
}

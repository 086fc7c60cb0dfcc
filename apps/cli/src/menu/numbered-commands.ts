import { command, each, type Command } from './command.js';

const everyLedgerServer = { kind: 'ledger server', shown: '<server> or all', all: true } as const;

/** The commands that have a number. */
export const numberedCommands: readonly Command[] = [
  command({
    number: 1,
    name: 'PrintBalance',
    of: 'ledger',
    arguments: [{ kind: 'account', shown: '<client> or all', all: true }],
    summary: 'the spendable balance of an account on its home server',
    forecast: ({ ledger }, [target]) => ledger.forecast.balances(each(target, ledger.accounts)),
    run: ({ ledger }, [target]) => ledger.balances(each(target, ledger.accounts)),
  }),
  command({
    number: 2,
    name: 'PrintLog',
    of: 'ledger',
    arguments: [everyLedgerServer],
    summary: 'the local log of a server, and what is pending',
    forecast: ({ ledger }, [target]) => ledger.forecast.logs(each(target, ledger.servers)),
    run: ({ ledger }, [target]) => ledger.logs(each(target, ledger.servers)),
  }),
  command({
    number: 3,
    name: 'PrintDB',
    of: 'ledger',
    arguments: [everyLedgerServer],
    summary: 'the committed blocks of a server',
    forecast: ({ ledger }, [target]) => ledger.forecast.blocks(each(target, ledger.servers)),
    run: ({ ledger }, [target]) => ledger.blocks(each(target, ledger.servers)),
  }),
  command({
    number: 4,
    name: 'Performance',
    of: undefined,
    arguments: [{ kind: 'server', shown: '<server> or all', all: true }],
    summary: 'figures per RPC method and per transfer or operation (--json: every one kept)',
    forecast: (operator, [target]) => operator.forecastPerformance(each(target, operator.servers)),
    run: (operator, [target], { json }) => operator.performance(each(target, operator.servers), json),
  }),
  command({
    number: 5,
    name: 'NextIteration',
    of: 'ledger',
    arguments: [],
    summary: 'play the next set of the file',
    unavailable: ({ ledger }) => ledger.whyNoSets,
    forecast: ({ ledger }) => ledger.forecast.nextIteration(),
    run: async ({ ledger }) => (await ledger.nextIteration()) ?? ledger.noMoreSets(),
  }),
  command({
    number: 6,
    name: 'CrashServer',
    of: undefined,
    arguments: [{ kind: 'server', shown: '<server>' }],
    summary: 'kill the process of a server (SIGKILL)',
    unavailable: (operator) => operator.whyNoProcesses,
    forecast: (operator, [target]) => operator.of(target).forecast.crash(target),
    run: (operator, [target]) => operator.of(target).crash(target),
  }),
  command({
    number: 7,
    name: 'BalanceMap',
    of: 'ledger',
    arguments: [{ kind: 'server or account', shown: '<server>', all: true }],
    summary: 'every account as a server knows it; or one account on every server, and the aggregate',
    forecast: ({ ledger }, [target]) => ledger.forecast.balanceMap(target),
    run: ({ ledger }, [target]) => ledger.balanceMap(target),
  }),
];

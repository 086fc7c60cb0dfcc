import { command, type Command } from './command.js';

const server = { kind: 'server', shown: '<server>' } as const;

/** What repairs a server, and what else can be broken. */
export const outageCommands: readonly Command[] = [
  command({
    number: undefined,
    name: 'RestartServer',
    of: undefined,
    arguments: [server],
    summary: 'start a crashed server on its data',
    unavailable: (operator) => operator.whyNoProcesses,
    forecast: (operator, [target]) => operator.of(target).forecast.restart(target),
    run: (operator, [target]) => operator.of(target).restart(target),
  }),
  command({
    number: undefined,
    name: 'Disconnect',
    of: undefined,
    arguments: [server],
    summary: 'cut the links of a server to all others, until Connect (or the next set of a file)',
    forecast: (operator, [target]) => operator.of(target).forecast.disconnect(target),
    run: (operator, [target]) => operator.of(target).disconnect(target),
  }),
  command({
    number: undefined,
    name: 'Connect',
    of: undefined,
    arguments: [server],
    summary: 'link a server to all others that are connected',
    forecast: (operator, [target]) => operator.of(target).forecast.connect(target),
    run: (operator, [target]) => operator.of(target).connect(target),
  }),
];

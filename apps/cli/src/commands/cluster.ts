import type { Command } from 'commander';
import { addressPattern, quote } from '@synod/cluster';
import { SynodError } from '@synod/kernel';
import { renderReplaced } from '../answers/replace-answer.js';
import { exitCodeHelp, type ExitCode } from '../exit-codes.js';
import { replaceServer } from '../replace-server.js';
import { writeFound } from '../write-out.js';
import { milliseconds } from './arguments.js';
import { request } from './request.js';
import { addressesIn } from './target-options.js';

type End = (code: ExitCode) => void;

interface ReplaceChoices {
  readonly connect: string | undefined;
  /** Seconds on the command line, milliseconds here. */
  readonly timeout: number | undefined;
  readonly json: boolean;
}

const maxTimeout = 3_600;
const defaultTimeoutMs = 30_000;

/** `synod cluster replace`: another server, on another disk, takes the place of one that is gone. */
export function addCluster(program: Command, end: End): void {
  const cluster = program.command('cluster').description('who the servers of a cluster are');
  cluster
    .command('replace')
    .argument('<server>', 'the name that both have, such as S4')
    .argument('<host:port>', 'where the new one runs')
    .description(
      'give the place of a server that is gone for good to the one at host:port, which was started with --replacement',
    )
    .option('--connect <host:port,…>', 'servers to ask; by default those that the new one is configured with')
    .option(
      '--timeout <seconds>',
      `how long to go on asking (default: ${defaultTimeoutMs / 1000})`,
      milliseconds({ least: 1, most: maxTimeout }),
    )
    .option('--json', 'print the answer, or the failure, as one JSON object', false)
    .addHelpText('after', exitCodeHelp)
    .action((server: string, address: string, choices: ReplaceChoices) => replace(server, address, choices, end));
}

function replace(server: string, address: string, choices: ReplaceChoices, end: End): Promise<void> {
  const { connect, timeout: timeoutMs = defaultTimeoutMs, json } = choices;
  return request(
    async () => {
      if (!addressPattern.test(address)) {
        throw new SynodError('invalid_argument', `${quote(address)} is not host:port, for example 127.0.0.1:7001`);
      }
      const ask = connect === undefined ? undefined : addressesIn(connect);
      await writeFound(await replaceServer({ server, address, ask, timeoutMs }), { json, render: renderReplaced });
    },
    { json, end },
  );
}

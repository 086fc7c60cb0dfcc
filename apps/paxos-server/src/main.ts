import { loadCluster } from '@synod/cluster';
import { parseArguments } from './arguments.js';
import { exitCodeOf, exitCodes } from './exit-codes.js';
import type { PaxosServer } from './paxos-server.js';
import { startPaxosServer } from './start.js';

/** Runs the command until the server ends. Returns the exit code; what went wrong stands in one line on stderr. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const options = parseArguments(argv);
    if (!options) return exitCodes.stopped;
    const { config, data, failpoint, quiet, ...rest } = options;
    const cluster = await loadCluster(config);
    const start = startPaxosServer({ ...rest, cluster, dataDirectory: data, failpoints: failpoint, console: !quiet });
    endWithProcess(start);
    const failure = await (await start).ended;
    if (failure) throw failure;
    return exitCodes.stopped;
  } catch (error) {
    process.stderr.write(`synod-paxos-server: ${inOneLine(error)}\n`);
    return exitCodeOf(error);
  }
}

/** A first signal stops the server, a second one ends the process at once; an error nobody caught makes it fail. */
function endWithProcess(start: Promise<PaxosServer>): void {
  const whenStarted = (end: (server: PaxosServer) => void): void => void start.then(end, () => {});
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(exitCodes.other);
      isStopping = true;
      whenStarted((server) => void server.stop());
    });
  }
  process.on('uncaughtException', (error) => whenStarted((server) => server.fail(error)));
}

function inOneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s*[\r\n]+\s*/g, ' ');
}

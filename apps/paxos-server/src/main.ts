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
    say(error);
    return exitCodeOf(error);
  }
}

/** A first signal stops the server, a second one ends the process at once; an error nobody caught makes it fail. */
function endWithProcess(start: Promise<PaxosServer>): void {
  let running: PaxosServer | undefined;
  let isStopping = false;
  const whenStarted = start.then(
    (server) => (running = server),
    () => undefined, // main tells why
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(exitCodes.other);
      isStopping = true;
      void whenStarted.then((server) => server?.stop());
    });
  }
  process.on('uncaughtException', (error) => {
    if (running) return running.fail(error);
    say(error);
    process.exit(exitCodes.other);
  });
}

function say(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`synod-paxos-server: ${message.replace(/\s*[\r\n]+\s*/g, ' ')}\n`);
}

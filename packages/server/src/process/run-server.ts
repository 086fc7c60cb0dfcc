import type { RunningServer } from '../running-server.js';
import { exitCodeOf, exitCodes } from './exit-codes.js';

/**
 * Runs the process of one server until it ends, and takes its signals and uncaught errors. `start` returns undefined
 * if there is nothing to run, as for `--help`. Returns the exit code; what went wrong stands in one line on stderr,
 * after the name of the program.
 */
export async function runServer(program: string, start: () => Promise<RunningServer | undefined>): Promise<number> {
  try {
    const started = start();
    endWithProcess(program, started);
    const server = await started;
    const failure = await server?.ended;
    if (failure) throw failure;
    return exitCodes.stopped;
  } catch (error) {
    say(program, error);
    return exitCodeOf(error);
  }
}

/** A first signal stops the server, a second one ends the process at once; an error nobody caught makes it fail. */
function endWithProcess(program: string, started: Promise<RunningServer | undefined>): void {
  let running: RunningServer | undefined;
  let isStopping = false;
  const whenStarted = started.then(
    (server) => (running = server),
    () => undefined, // runServer tells why
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
    say(program, error);
    process.exit(exitCodes.other);
  });
}

function say(program: string, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${program}: ${message.replace(/\s*[\r\n]+\s*/g, ' ')}\n`);
}

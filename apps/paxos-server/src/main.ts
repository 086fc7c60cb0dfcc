import { loadCluster } from '@synod/cluster';
import { runOptions, runServer } from '@synod/server';
import { parseArguments, program } from './arguments.js';
import { startPaxosServer } from './start.js';

/** Runs the command until the server ends. Returns the exit code; what went wrong stands in one line on stderr. */
export function main(argv: readonly string[]): Promise<number> {
  return runServer(program, async () => {
    const flags = parseArguments(argv);
    if (!flags) return undefined;
    const { config, id, queueRounds, replacement, snapshotEntries } = flags;
    const own = { id, queueRounds, replacement, snapshotEntries };
    return startPaxosServer({ ...runOptions(flags), cluster: await loadCluster(config), ...own });
  });
}

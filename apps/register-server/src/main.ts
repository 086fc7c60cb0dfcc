import { runOptions, runServer } from '@synod/server';
import { loadRegisterConfig } from '@synod/tokens';
import { addressIn, parseArguments, program } from './arguments.js';
import { startRegisterServer } from './start.js';

/** Runs the command until the server ends. Returns the exit code; what went wrong stands in one line on stderr. */
export function main(argv: readonly string[]): Promise<number> {
  return runServer(program, async () => {
    const flags = parseArguments(argv);
    if (!flags) return undefined;
    const { config, id, maxRange, replacement } = flags;
    const listen = addressIn(flags);
    return startRegisterServer({
      ...runOptions(flags),
      listen,
      config: await loadRegisterConfig(config),
      id,
      maxRange,
      replacement,
    });
  });
}

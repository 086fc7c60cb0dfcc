import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SynodError } from '@synod/kernel';
import { tellLauncher } from './launch/launched.js';
import type { Screen } from './screen.js';
import { untilSignal } from './signals.js';

/** Where servers are started. */
export interface Place {
  /** Holds their data. */
  readonly directory: string;
  /** Gives up whatever is done there when it rejects. */
  readonly interrupted: Promise<never>;
}

export interface WithServersOptions {
  /** Where the data goes; undefined: nowhere that outlives the run. */
  readonly data: string | undefined;
  /** Closed at the end. */
  readonly screen: Screen;
}

/**
 * Starts servers, does `work` with them, ends them, and removes what was temporary. Rejects with `SynodError`
 * `cancelled` at a signal that comes first; nothing is left of the servers if it comes while they start.
 */
export async function withServers<Servers extends { stop(): Promise<void> }>(
  { data, screen }: WithServersOptions,
  start: (place: Place) => Promise<Servers>,
  work: (servers: Servers, place: Place) => Promise<void>,
): Promise<void> {
  const interrupted = untilSignal();
  try {
    screen.progress('starting servers …');
    const directory = data ?? (await mkdtemp(join(tmpdir(), 'synod-')));
    if (data === undefined) tellLauncher({ temporary: directory });
    const clean = async () => {
      if (data === undefined) await rm(directory, { recursive: true, force: true });
    };
    const place = { directory, interrupted };
    const servers = await startIn(place, start, clean);
    try {
      await Promise.race([interrupted, work(servers, place)]);
    } finally {
      await servers.stop();
      await clean();
    }
  } finally {
    tellLauncher({ temporary: null });
    screen.close();
  }
}

async function startIn<Servers>(
  place: Place,
  start: (place: Place) => Promise<Servers>,
  clean: () => Promise<void>,
): Promise<Servers> {
  try {
    await mkdir(place.directory, { recursive: true });
    return await start(place);
  } catch (error) {
    if (!(error instanceof SynodError) || error.code !== 'unavailable') {
      await clean();
      throw error;
    }
    // Servers that do not start say why in their logs: these are kept.
    throw new SynodError('unavailable', `${error.message} (The servers' logs: ${place.directory})`, { cause: error });
  }
}

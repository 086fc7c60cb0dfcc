import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { SynodError } from '@synod/kernel';
import type { TortureReport } from './report.js';

/** Servers in a folder of their own. */
interface Tortured {
  readonly directory: string;
  /** Ends the servers. */
  readonly stop: () => Promise<void>;
  /** Ends the servers, and removes the folder. */
  readonly close: () => Promise<void>;
}

/** The file that holds what clients saw. */
export interface Evidence {
  readonly path: string;
  readonly file: FileHandle;
}

/** Opens it where it is wanted, before anything is started; undefined: nowhere. */
export async function wantedEvidence(path: string | undefined): Promise<Evidence | undefined> {
  return path === undefined ? undefined : { path, file: await open(path, 'w') };
}

/** Opens it beside the data of the servers, and away with it. */
export async function passingEvidence({ directory }: Tortured, name: string): Promise<Evidence> {
  const path = join(directory, name);
  return { path, file: await open(path, 'w') };
}

/**
 * Lets servers be tortured, and ends them. Their data is removed, unless something is wrong: then it stays, and it is told
 * where. `again`: the command that judges what clients saw.
 */
export async function keepingEvidence(
  tortured: Tortured,
  again: string,
  torture: () => Promise<TortureReport>,
): Promise<TortureReport> {
  const { directory } = tortured;
  let keep = false;
  try {
    const report = await torture();
    keep = report.verdict === 'violated' || report.verdict === 'unknown';
    return keep ? { ...report, kept: { directory, again } } : report;
  } catch (error) {
    keep = !(error instanceof SynodError) || error.code !== 'cancelled';
    if (!keep || !(error instanceof SynodError)) throw error;
    throw new SynodError(error.code, `${error.message}. Its data is in ${directory}`, { cause: error });
  } finally {
    await (keep ? tortured.stop() : tortured.close());
  }
}

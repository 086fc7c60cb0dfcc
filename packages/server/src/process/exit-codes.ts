import { SynodError } from '@synod/kernel';
import { DataDirectoryError } from '../data-directory.js';

/** What the process says when it ends. */
export const exitCodes = {
  stopped: 0,
  /** Anything that has no code of its own, such as a broken invariant. */
  other: 1,
  /** A flag, `cluster.yaml`, or an address that can not be had. */
  configuration: 2,
  /** The data directory is in use, someone else's, damaged, or its disk fails. */
  dataDirectory: 3,
  /** The data directory is empty, another one, or holds less than it did, and peers remember. */
  diskLost: 4,
} as const;

export function exitCodeOf(error: unknown): number {
  if (error instanceof DataDirectoryError) return exitCodes.dataDirectory;
  switch (error instanceof SynodError ? error.code : undefined) {
    case 'config':
      return exitCodes.configuration;
    case 'corrupt':
    case 'storage_failed':
      return exitCodes.dataDirectory;
    case 'disk_lost':
    case 'disk_cut':
    case 'replaced':
      return exitCodes.diskLost;
    default:
      return exitCodes.other;
  }
}

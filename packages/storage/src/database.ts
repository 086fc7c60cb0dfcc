import { SynodError, type ErrorCode } from '@synod/kernel';
import { ClassicLevel } from 'classic-level';
import { checkFiles } from './files/check-files.js';

/** Errors of the operating system that say nothing of who asks, or for what. */
const ofTheDisk = new Set<string | undefined>(['EIO', 'ENOSPC', 'EROFS', 'EDQUOT']);

/** LevelDB with keys as text and values as bytes. */
export type Database = ClassicLevel<string, Uint8Array>;

const DATABASE_ENCODING = { keyEncoding: 'utf8', valueEncoding: 'view' } as const;

/**
 * Opens the LevelDB database of a directory; makes both if they are absent and `create` says so.
 * Throws `SynodError`: `config` if it is absent, locked by a running process or no directory, `corrupt` if LevelDB
 * finds it damaged, `storage_failed` otherwise.
 */
export async function openDatabase(directory: string, create: boolean): Promise<Database> {
  if (!(await checkFiles(directory)) && !create) throw absent(directory);
  const database: Database = new ClassicLevel(directory, { ...DATABASE_ENCODING, createIfMissing: create });
  try {
    await database.open();
    return database;
  } catch (error) {
    throw openError(directory, error);
  }
}

/** Throws `SynodError` as `openDatabase` does if there is no sound store. Touches nothing, where LevelDB leaves a lock. */
export async function requireStore(directory: string): Promise<void> {
  if (!(await checkFiles(directory))) throw absent(directory);
}

function absent(directory: string): SynodError {
  return new SynodError('config', `there is no store in ${directory}`);
}

/** What it means that a store can not be opened. */
export function openError(directory: string, error: unknown): SynodError {
  const cause = rootOf(error);
  if (cause.code === 'LEVEL_LOCKED') {
    return new SynodError('config', `the store in ${directory} is locked: a running process has it open`, { cause });
  }
  if (cause.code === 'LEVEL_CORRUPTION') {
    return new SynodError('corrupt', `the store in ${directory} is damaged: ${cause.message}`, { cause });
  }
  const code: ErrorCode = cause.syscall === undefined || ofTheDisk.has(cause.code) ? 'storage_failed' : 'config';
  return new SynodError(code, `cannot open the store in ${directory}: ${cause.message}`, { cause });
}

/** What a failed read means: damage that LevelDB noticed itself, a closed store, or a disk that does not answer. */
export function readError(what: string, error: unknown): SynodError {
  if (error instanceof SynodError) return error;
  const cause = rootOf(error);
  if (cause.code === 'LEVEL_CORRUPTION') {
    return new SynodError('corrupt', `stored bytes of ${what} are damaged: ${cause.message}`, { cause });
  }
  const code: ErrorCode = cause.code?.endsWith('NOT_OPEN') ? 'unavailable' : 'storage_failed';
  return new SynodError(code, `cannot read ${what}: ${cause.message}`, { cause });
}

/** abstract-level wraps what LevelDB says in errors of its own. */
function rootOf(error: unknown): NodeJS.ErrnoException {
  let root = error as NodeJS.ErrnoException;
  while (root.cause) root = root.cause as NodeJS.ErrnoException;
  return root;
}

/** Runs what follows on an opened database; closes it if that throws. */
export async function closingOnError<T>(database: Database, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    await database.close();
    throw error;
  }
}

import { readdir } from 'node:fs/promises';
import { SynodError, type ErrorCode } from '@synod/kernel';
import { ClassicLevel } from 'classic-level';

/** LevelDB with keys as text and values as bytes. */
export type Database = ClassicLevel<string, Uint8Array>;

const DATABASE_ENCODING = { keyEncoding: 'utf8', valueEncoding: 'view' } as const;

/**
 * Opens the LevelDB database of a directory; makes both if they are absent and `create` says so.
 * Throws `SynodError`: `config` if it is absent, locked by a running process or no directory, `corrupt` if LevelDB
 * finds it damaged, `storage_failed` otherwise.
 */
export async function openDatabase(directory: string, create: boolean): Promise<Database> {
  if (create) await holdsDatabase(directory);
  else await requireStore(directory);
  const database: Database = new ClassicLevel(directory, { ...DATABASE_ENCODING, createIfMissing: create });
  try {
    await database.open();
    return database;
  } catch (error) {
    throw openError(directory, error);
  }
}

/** Throws `SynodError` `config` if a directory holds no database. Touches nothing, where LevelDB leaves a lock file. */
export async function requireStore(directory: string): Promise<void> {
  if (!(await holdsDatabase(directory))) throw new SynodError('config', `there is no store in ${directory}`);
}

/** Throws `SynodError`: `config` if the directory can not be read, `corrupt` if its files are but part of a database. */
async function holdsDatabase(directory: string): Promise<boolean> {
  const files = await filesOf(directory);
  if (files.includes('CURRENT')) return true;
  // Without its CURRENT file LevelDB takes a store for a new one and removes its tables.
  if (files.some((file) => /^\d+\.(ldb|log)$/.test(file))) {
    throw new SynodError('corrupt', `the store in ${directory} has lost its CURRENT file`);
  }
  return false;
}

async function filesOf(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw openError(directory, error);
  }
}

function openError(directory: string, error: unknown): SynodError {
  const cause = rootOf(error);
  if (cause.code === 'LEVEL_LOCKED') {
    return new SynodError('config', `the store in ${directory} is locked: a running process has it open`, { cause });
  }
  if (cause.code === 'LEVEL_CORRUPTION') {
    return new SynodError('corrupt', `the store in ${directory} is damaged: ${cause.message}`, { cause });
  }
  const code: ErrorCode = cause.syscall === undefined ? 'storage_failed' : 'config';
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

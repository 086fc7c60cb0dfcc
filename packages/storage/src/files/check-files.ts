import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SynodError } from '@synod/kernel';
import { Damage, damagedStore, inFile } from './damage.js';
import { readLogFile } from './log-file.js';
import { readManifest, type Manifest } from './manifest.js';
import { checkTable } from './table-file.js';

/** Files that only a LevelDB has that was opened once: making one writes its first manifest before all of them. */
const OF_A_STORE = /^(\d+\.(ldb|log)|MANIFEST-(?!000001$)\d+)$/;

/**
 * Reads every file of a LevelDB before LevelDB does. That drops without a word what follows a damaged byte in a block
 * of its log, the keys of a table's damaged block, and a log that is gone. Only a torn end of what was written last is
 * left to it: a crash may leave one, and it was never acknowledged.
 *
 * Changes nothing, and may read a database that a running process writes. Returns whether there is one. Throws
 * `SynodError`: `corrupt`, naming the file; `storage_failed` if the disk can not read one, `config` if this process
 * may not.
 */
export async function checkFiles(directory: string): Promise<boolean> {
  for (;;) {
    const files = await list(directory);
    try {
      return await check(directory, files);
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      // Files come and go while a process works here: what was read belongs to no one state then.
      if (files.join() !== (await list(directory)).join()) continue;
      throw damagedStore(directory, error);
    }
  }
}

/**
 * Names of the tables that the manifest of a LevelDB names: those that its next open reads. Others may lie beside them,
 * which a process left that was killed. Throws `SynodError` `corrupt` or `storage_failed`.
 */
export async function tablesInUse(directory: string): Promise<string[]> {
  try {
    return [...(await manifestOf(directory)).tables.keys()].map(tableName);
  } catch (error) {
    throw error instanceof Damage ? damagedStore(directory, error) : error;
  }
}

async function check(directory: string, files: readonly string[]): Promise<boolean> {
  if (!files.includes('CURRENT')) {
    const left = files.find((file) => OF_A_STORE.test(file));
    if (left === undefined) return false;
    throw new Damage(`CURRENT is missing, but ${left} is there`);
  }
  const manifest = await manifestOf(directory);
  await checkLogs(directory, files, manifest);
  for (const [number, size] of manifest.tables) {
    const file = tableName(number);
    const bytes = await read(directory, file);
    if (bytes.length !== size) throw new Damage(`${file}: has ${bytes.length} bytes instead of ${size}`);
    inFile(file, () => checkTable(bytes));
  }
  return true;
}

async function manifestOf(directory: string): Promise<Manifest> {
  const current = await read(directory, 'CURRENT');
  const name = /^(MANIFEST-\d+)\n$/.exec(current.toString('latin1'))?.[1];
  if (name === undefined) throw new Damage('CURRENT: names no manifest');
  const bytes = await read(directory, name);
  return inFile(name, () => readManifest(readLogFile(bytes).records));
}

/** The logs since the last one that went into a table. A crash may have torn the end of the last that was written to. */
async function checkLogs(directory: string, files: readonly string[], { log }: Manifest): Promise<void> {
  if (log === undefined) return;
  if (!files.includes(`${padded(log)}.log`)) throw new Damage(`${padded(log)}.log: is missing`);
  const logs = files.filter((file) => file.endsWith('.log') && parseInt(file, 10) >= log);
  let torn: string | undefined;
  for (const file of logs.sort((a, b) => parseInt(a, 10) - parseInt(b, 10))) {
    const bytes = await read(directory, file);
    if (bytes.length === 0) continue; // made, but not used yet
    if (torn !== undefined) throw new Damage(`${torn}, but ${file} was written later`);
    const { tornAt } = inFile(file, () => readLogFile(bytes));
    if (tornAt !== undefined) torn = `${file}: is torn at byte ${tornAt}`;
  }
}

function tableName(fileNumber: number): string {
  return `${padded(fileNumber)}.ldb`;
}

function padded(fileNumber: number): string {
  return String(fileNumber).padStart(6, '0');
}

async function list(directory: string): Promise<string[]> {
  return (await reading(directory, '.', () => readdir(directory))) ?? [];
}

async function read(directory: string, file: string): Promise<Buffer> {
  const bytes = await reading(directory, file, () => readFile(join(directory, file)));
  if (bytes === undefined) throw new Damage(`${file}: is missing`);
  return bytes;
}

/** Undefined if it is not there. */
async function reading<T>(directory: string, what: string, attempt: () => Promise<T>): Promise<T | undefined> {
  try {
    return await attempt();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    const failure = `cannot open the store in ${directory}: ${what}: ${message}`;
    throw new SynodError(code === 'EIO' ? 'storage_failed' : 'config', failure, { cause });
  }
}

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readTransactionFile, type TransactionFile, type TransactionFileOptions } from '@synod/ledger/file';
import { inFile } from './in-file.js';

const needed = 'a transaction file (CSV)';

/** What is played if nobody says: `test.csv` in the current folder, else the bundled example. */
export function defaultFile(): string {
  if (existsSync('test.csv')) return 'test.csv';
  return fileURLToPath(new URL('../example/transactions.csv', import.meta.url));
}

/** Rejects with `SynodError` `invalid_argument`. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw inFile(path, error, needed);
  }
}

/** Throws `SynodError` `invalid_argument` with every problem of the file. `source`: its path. */
export function readSets(source: string, text: string, names: TransactionFileOptions): TransactionFile {
  try {
    return readTransactionFile(text, names);
  } catch (error) {
    throw inFile(source, error, needed);
  }
}

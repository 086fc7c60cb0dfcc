import { SynodError } from '@synod/kernel';

/** What is wrong with the files of a database, in words. */
export class Damage extends Error {
  override readonly name = 'Damage';
}

/** Names the file in whatever damage `use` finds in it. */
export function inFile<T>(file: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    throw error instanceof Damage ? new Damage(`${file}: ${error.message}`) : error;
  }
}

/** What it means for the store that it is in. */
export function damagedStore(directory: string, { message }: Damage): SynodError {
  return new SynodError('corrupt', `the store in ${directory} is damaged: ${message}`);
}

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

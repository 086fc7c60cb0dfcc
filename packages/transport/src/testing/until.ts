/** Waits for what happens by itself within this process, without a guess how long it takes. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

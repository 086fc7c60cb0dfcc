import { toJson } from '@synod/client';

/**
 * Writes to stdout, and resolves when it was taken. Rejects with the system's error if nobody reads it any more: such as
 * `synod check … | head -1`.
 */
export function writeOut(text: string | Uint8Array): Promise<void> {
  const { stdout } = process;
  return new Promise((resolve, reject) => {
    stdout.once('error', reject);
    stdout.write(text, (error) => {
      if (error) return; // the event follows
      stdout.off('error', reject);
      resolve();
    });
  });
}

/** Writes what was found: with `json` as one object on a line of its own, otherwise as lines for people. */
export function writeFound<T>(found: T, { json, render }: FoundOptions<T>): Promise<void> {
  return writeOut(
    json
      ? `${toJson(found)}\n`
      : render(found)
          .map((line) => `${line}\n`)
          .join(''),
  );
}

export interface FoundOptions<T> {
  readonly json: boolean;
  readonly render: (found: T) => readonly string[];
}

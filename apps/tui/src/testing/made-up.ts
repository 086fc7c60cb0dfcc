import { fileURLToPath } from 'node:url';
import { Pty, type PtyOptions } from '@synod/pty';

/** The script of a process that shows a cluster which is made up. */
export const madeUp = fileURLToPath(new URL('./terminal.mjs', import.meta.url));

/** Such a process, on a terminal of its own. */
export function openMadeUp(args: readonly string[], options: PtyOptions): Pty {
  return new Pty(process.execPath, [madeUp, ...args], options);
}

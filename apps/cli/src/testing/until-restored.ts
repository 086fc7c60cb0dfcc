import { expect } from '@jest/globals';
import type { Pty } from '@synod/pty';

/**
 * Waits until a program that a workbench opened has ended with this code, and its terminal is what it was before: the
 * shell's own screen, keys taken line by line and echoed.
 */
export async function untilRestored(pty: Pty, code: number): Promise<void> {
  await pty.shows(`code ${code}`);
  await pty.until((screen) => / icanon .* echo /.test(screen.join(' ')));
  expect(pty.isAlternate).toBe(false);
  pty.press('\r');
  await pty.exit;
}

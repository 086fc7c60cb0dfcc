import type { Pty } from '@synod/pty';

/** Wide enough that no line of a result is folded. */
export const roomyTerminal = { columns: 220, rows: 50 };

/** Rows below the middle of the screen: the command line, the footer, and one that stays empty. */
const rowsBelow = 3;

/** Gives a command on the terminal interface, and reads all that it found, scrolled through, as a person would. */
export async function resultOf(
  pty: Pty,
  line: string,
): Promise<{ readonly failed: boolean; readonly lines: string[] }> {
  if (titleOf(pty.screen)) {
    pty.press('\u001b');
    await pty.until((screen) => !titleOf(screen));
  }
  pty.press(`:${line}\r`);
  await pty.until((screen) => isOver(titleOf(screen)?.text, line) && isWhole(screen));
  const lines: string[] = [];
  for (;;) {
    const { text, row } = titleOf(pty.screen)!;
    const page = pty.screen.slice(row + 1, -rowsBelow);
    const [, from, to, all] = /(\d+)–(\d+) of (\d+)/.exec(text) ?? [];
    if (from === undefined) return { failed: text.includes('✗ failed'), lines: withoutEmpty(page) };
    lines.splice(Number(from) - 1, lines.length, ...page);
    if (to === all) return { failed: text.includes('✗ failed'), lines };
    pty.press('\u001b[6~');
    await pty.until((screen) => titleOf(screen)?.text !== text && isWhole(screen));
  }
}

/** A frame is drawn from above: nothing of the one before is left, neither its title nor the sign of what still ran. */
function isWhole(screen: readonly string[]): boolean {
  return screen.filter(isTitle).length === 1 && screen.at(-rowsBelow - 1) !== '…';
}

function isOver(title: string | undefined, line: string): boolean {
  return ['✓ done', '✗ failed'].some((sign) => title?.startsWith(`── ${line}  ${sign}`));
}

function titleOf(screen: readonly string[]): { readonly text: string; readonly row: number } | undefined {
  const row = screen.findIndex(isTitle);
  return row < 0 ? undefined : { text: screen[row]!, row };
}

function isTitle(line: string): boolean {
  return line.startsWith('── ') && line.includes('Esc closes');
}

/** A short result may stand on a screen with room to spare. */
function withoutEmpty(lines: readonly string[]): string[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
}

/** Lines that are remembered. */
const kept = 500;

/** Lines that were given, oldest first, and where one is in them while looking for an earlier one. */
export interface History {
  readonly lines: readonly string[];
  /** Which line is shown; undefined: what is being typed. */
  readonly at: number | undefined;
  /** What was typed before one began to look. */
  readonly draft: string;
}

export function historyOf(lines: readonly string[]): History {
  return { lines: lines.slice(-kept), at: undefined, draft: '' };
}

/** With a line that was given; the same one again is not remembered twice in a row. */
export function remember({ lines }: History, line: string): History {
  return historyOf(line === '' || line === lines.at(-1) ? lines : [...lines, line]);
}

/** One line back or on; `text` is what stands there now. Returns the text that takes its place. */
export function look(history: History, by: -1 | 1, text: string): { readonly history: History; readonly text: string } {
  const { lines, at } = history;
  const draft = at === undefined ? text : history.draft;
  const next = (at ?? lines.length) + by;
  if (next < 0) return { history, text };
  if (next >= lines.length) return { history: { lines, at: undefined, draft: '' }, text: draft };
  return { history: { lines, at: next, draft }, text: lines[next]! };
}

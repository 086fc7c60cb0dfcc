const keptRuns = 50;

/** A command that was given, and what came of it. */
export interface CommandRun {
  /** From 1, in the order in which they were given. */
  readonly number: number;
  /** As typed. */
  readonly line: string;
  readonly state: 'running' | 'done' | 'failed';
  /** What it found, for people. */
  readonly lines: readonly string[];
}

export function beginRun(runs: readonly CommandRun[], number: number, line: string): readonly CommandRun[] {
  return [...runs, { number, line, state: 'running', lines: [] } as const].slice(-keptRuns);
}

export function endRun(
  runs: readonly CommandRun[],
  number: number,
  state: CommandRun['state'],
  lines: readonly string[],
): readonly CommandRun[] {
  return runs.map((run) => (run.number === number ? { ...run, state, lines } : run));
}

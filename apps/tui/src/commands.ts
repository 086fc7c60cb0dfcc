/** One command, as the table behind every face of Synod knows it. */
export interface CommandRow {
  /** As printed in the menu; undefined for the later ones. */
  readonly number: number | undefined;
  readonly name: string;
  /** `PrintLog <server> or all` */
  readonly usage: string;
  readonly summary: string;
  /** Why it can not be used here, such as on a cluster that was started elsewhere; undefined: it can. */
  readonly unavailable: string | undefined;
  /** What may stand as its n-th argument, from 0; empty: nothing, or nothing that could be listed. */
  choices(argument: number): readonly string[];
}

/** What the terminal lets people do. Whoever opens it brings the commands: they are the same in every face. */
export interface Commands {
  readonly rows: readonly CommandRow[];
  /** Says in one line what a line would do if it were given now, or what is wrong with it. Does nothing. */
  check(line: string): { readonly ok: boolean; readonly text: string };
  /** Does it. Never rejects: what went wrong stands in the lines. */
  run(line: string): Promise<CommandOutcome>;
}

export interface CommandOutcome {
  readonly failed: boolean;
  /** What it found, as the line menu would print it. */
  readonly lines: readonly string[];
}

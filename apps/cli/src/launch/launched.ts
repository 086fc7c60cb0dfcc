/** Set for a process that another one launched to show the terminal interface. */
export const launchedVariable = 'SYNOD_LAUNCHED';

/** What the launching process must know to clean up after this one. */
export interface Told {
  /** A folder that goes when this process does; null: none. */
  readonly temporary?: string | null;
  /** The screen is taken. */
  readonly hasScreen?: boolean;
}

/** Tells the launching process, if there is one. */
export function tellLauncher(told: Told): void {
  if (isLaunched()) process.send?.(told, undefined, undefined, () => {}); // it may be gone meanwhile
}

/**
 * Tells which signal the launching process passes on, and that it is gone or the terminal is. Keeps this process from
 * ending no longer than it would anyway.
 */
export function onLauncher(tell: (what: string) => void): void {
  if (!isLaunched()) return;
  process.on('message', ({ signal }: { readonly signal: NodeJS.Signals }) => tell(signal));
  process.on('disconnect', () => tell('the end of the process that launched it'));
  // Without it this process belongs to no job of the shell any more: then the terminal gives it no more keys (EIO).
  process.stdin.on('error', () => tell('the end of its terminal'));
  process.channel?.unref();
}

function isLaunched(): boolean {
  return process.env[launchedVariable] !== undefined && process.connected;
}

/** Whatever reports of itself continuously. */
export interface ReportSource<Report> {
  /** The current report. Asking for it must not itself count as a change. */
  report(): Promise<Report>;
  /** Tells of every change of the report until the returned function is called. Listeners do not throw. */
  onChange(listener: (change: ReportChange) => void): () => void;
}

/**
 * `state`: what an operator must see at once, such as links, readiness, height or the round that is led.
 * `figures`: the rest, such as balances, lengths and rates; watchers hear of it at most every 100 ms.
 */
export type ReportChange = 'state' | 'figures';

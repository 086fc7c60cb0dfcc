/** Nanoseconds on the one clock that histories and faults are written with; it never goes back. */
export function monotonicTime(): bigint {
  return process.hrtime.bigint();
}

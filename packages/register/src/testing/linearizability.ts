/** One operation on one register. Begin and end are places in one total order of events. */
export interface HistoryOperation {
  readonly kind: 'read' | 'write';
  /** Unique among the writes of a register; undefined: what stood there before the first write. */
  readonly value: string | undefined;
  readonly begin: number;
  /** Infinity: it may have taken effect at any time after its begin, or never. */
  readonly end: number;
}

/** A value and the operations that wrote and read it. */
interface Cluster {
  readonly write: HistoryOperation;
  /** The earliest end and the latest begin of its operations. */
  earliestEnd: number;
  latestBegin: number;
}

const initial: HistoryOperation = { kind: 'write', value: undefined, begin: -2, end: -1 };

/**
 * Says why the history of one register is not linearizable, or nothing if it is. Exact for histories in which no value
 * is written twice: then who read from whom is known, and the operations of one value must fit between those of the
 * others. A value whose earliest end lies before its latest begin stood there all the time in between, so no two of
 * those spans may overlap; any other must find a place outside of them. (Gibbons, Korach, *Testing Shared Memories*,
 * 1997, section 4: forward and backward zones.)
 */
export function objectionToHistory(history: readonly HistoryOperation[]): string | undefined {
  const writes = [initial, ...history.filter(({ kind }) => kind === 'write')];
  const clusters = new Map(
    writes.map((write) => [write.value, { write, earliestEnd: write.end, latestBegin: write.begin }] as const),
  );
  for (const { kind, value, begin, end } of history) {
    if (kind === 'write' || end === Infinity) continue;
    const cluster: Cluster | undefined = clusters.get(value);
    if (!cluster) return `${value} was read and never written`;
    if (end < cluster.write.begin) return `${value} was read before it was written`;
    cluster.earliestEnd = Math.min(cluster.earliestEnd, end);
    cluster.latestBegin = Math.max(cluster.latestBegin, begin);
  }
  const isForward = ({ earliestEnd, latestBegin }: Cluster): boolean => earliestEnd < latestBegin;
  const forward = [...clusters.values()].filter(isForward).sort((a, b) => a.earliestEnd - b.earliestEnd);
  for (const [i, next] of forward.entries()) {
    const before = forward[i - 1];
    if (before && next.earliestEnd < before.latestBegin) {
      return `${before.write.value} was there before and after ${next.write.value}`;
    }
  }
  for (const backward of clusters.values()) {
    if (isForward(backward)) continue;
    const around = forward.find(
      (zone) => zone.earliestEnd < backward.latestBegin && backward.earliestEnd < zone.latestBegin,
    );
    if (around) return `${around.write.value} was there before and after ${backward.write.value}`;
  }
  return undefined;
}

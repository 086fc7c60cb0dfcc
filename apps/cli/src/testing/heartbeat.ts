import type { History } from '@synod/linearizability';
import { quorumSize, type NodeId } from '@synod/kernel';
import { monotonicTime } from '../record/monotonic-time.js';
import { touchedBy } from '../nemesis/fault.js';
import type { FaultEvent } from '../nemesis/nemesis.js';

/** Milliseconds between two beats, if the machine has time. */
export const beatMs = 100;

/**
 * A clock that stands still when the machine does: the next beat is asked for when the last one has come. What is
 * counted in beats, and not in seconds, says something of the servers also where they share two busy cores with others.
 */
export class Heartbeat {
  /** Nanoseconds on the clock of histories. */
  readonly beats: bigint[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.#wait();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    this.#timer = setTimeout(() => {
      this.beats.push(monotonicTime());
      this.#wait();
    }, beatMs);
  }
}

/**
 * The most beats in a row at which a majority of the servers was up while no operation was completed. A server is up
 * from the end of its healing to the beginning of the next thing that is done to it.
 */
export function longestStandstill(
  history: History,
  beats: readonly bigint[],
  { faults, servers }: { readonly faults: readonly FaultEvent[]; readonly servers: readonly NodeId[] },
): number {
  const began = history.reduce((least, { start }) => (start < least ? start : least), history[0]?.start ?? 0);
  const completed = history.flatMap(({ outcome, end }) => (outcome === 'ok' ? [BigInt(end!)] : []));
  const last = completed.reduce((latest, end) => (end > latest ? end : latest), 0n);
  const moments = [
    ...completed.map((at) => ({ at, isBeat: false })),
    ...beats.filter((at) => at >= began && at <= last).map((at) => ({ at, isBeat: true })),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  let most = 0;
  let now = 0;
  for (const { at, isBeat } of moments) {
    now = isBeat && upAt(at, servers, faults) >= quorumSize(servers.length) ? now + 1 : 0;
    most = Math.max(most, now);
  }
  return most;
}

function upAt(at: bigint, servers: readonly NodeId[], faults: readonly FaultEvent[]): number {
  const isUp = (server: NodeId): boolean => {
    const last = faults.findLast(({ fault, began }) => touchedBy(fault).includes(server) && began <= at);
    return last === undefined || (last.step === 'healed' && last.ended <= at);
  };
  return servers.filter(isUp).length;
}

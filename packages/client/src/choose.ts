import type { NodeId } from '@synod/kernel';
import type { ServerLink } from './server-link.js';
import type { Servers } from './servers.js';

/** Who chooses. */
export interface Chooser {
  /** Where the same is asked already. */
  readonly busy: readonly { readonly link: ServerLink }[];
  /** It would have been the turn of this server, but it failed before. */
  passOver(link: ServerLink, now: number): void;
}

/**
 * The place, in a list of servers that may, of the one to ask next: from place `first` on, round and round, one that is
 * not busy with the same already, if possible none that failed. -1: none is left.
 */
export function choose(
  nodes: readonly NodeId[],
  first: number,
  servers: Pick<Servers, 'at'>,
  chooser: Chooser,
  now: number,
): number {
  let failed: ServerLink | undefined;
  let lastResort = -1;
  for (let i = 0; i < nodes.length; i++) {
    const place = (first + i) % nodes.length;
    const link = servers.at(nodes[place]!);
    if (!link || (chooser.busy.length > 0 && chooser.busy.some((one) => one.link === link))) continue;
    if (link.standing.isGood) {
      if (failed) chooser.passOver(failed, now);
      return place;
    }
    failed ??= link;
    if (lastResort < 0) lastResort = place;
  }
  return lastResort;
}

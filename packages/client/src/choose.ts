import type { NodeId } from '@synod/kernel';
import type { ServerLink } from './server-link.js';
import type { Servers } from './servers.js';

/**
 * The place, in a list of servers that may, of the one to ask next: from place `first` on, round and round, one that is
 * not `busy` with the same already, if possible none that failed. -1: none is left.
 */
export function choose(
  nodes: readonly NodeId[],
  first: number,
  servers: Servers,
  busy: readonly { readonly link: ServerLink }[],
): number {
  const now = performance.now();
  let lastResort = -1;
  for (let i = 0; i < nodes.length; i++) {
    const place = (first + i) % nodes.length;
    const link = servers.at(nodes[place]!);
    if (!link || (busy.length > 0 && busy.some((one) => one.link === link))) continue;
    if (link.standing.takeTurn(now)) return place;
    if (lastResort < 0) lastResort = place;
  }
  return lastResort;
}

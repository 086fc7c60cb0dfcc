import { quorumSize } from '@synod/kernel';
import type { SilenceReport } from '@synod/transport/client';
import { shownName, shownTag } from '../answers/one-line.js';
import { renderContent } from '../answers/token-answers.js';
import type { HeldToken, ReplicaFacts, TokenFacts } from './facts.js';
import { mark } from './mark.js';
import { table } from './table.js';

/** Tokens with their replicas, one below the other, so that agreement can be seen. */
export function renderTokens(tokens: readonly TokenFacts[]): string[] {
  if (tokens.length === 0) return ['no tokens are configured'];
  return tokens.flatMap((token) => [`token ${shownName(token.id)}: ${agreement(token)}`, ...renderReplicas(token)]);
}

function agreement({ replicas, newest }: TokenFacts): string {
  const silent = replicas.filter(({ holds }) => !holds).length;
  const rest = silent === 0 ? '' : `; ${silent} ${silent === 1 ? 'does' : 'do'} not tell`;
  if (!newest) return `never written${rest}`;
  const holders = replicas.filter(({ isNewest }) => isNewest).length;
  const all = replicas.length;
  if (holders === all)
    return `${all === 1 ? 'its only replica holds' : `all ${all} replicas hold`} ${shownTag(newest)}`;
  const majority = holders >= quorumSize(all) ? ', a majority' : '';
  return `${holders} of ${all} replicas ${holders === 1 ? 'holds' : 'hold'} ${shownTag(newest)}${majority}${rest}`;
}

function renderReplicas({ writer, replicas }: TokenFacts): string[] {
  const rows = replicas.map(({ server, state, silences, holds }: ReplicaFacts) => [
    server,
    server === writer ? 'writer' : 'reader',
    holds && 'tag' in holds ? holds.tag.join('@') : '',
    `${holds ? content(holds) : 'not told'}${mark(state)}${silences.map(silence).join('')}`,
  ]);
  return table(['replica', 'role', 'tag', 'holds'], rows);
}

function content(holds: HeldToken): string {
  return holds.kind === 'written' ? renderContent({ ...holds, partial: holds.partial ?? null }) : holds.kind;
}

function silence({ key, phase, active }: SilenceReport): string {
  const about = key === undefined ? ' about everything' : '';
  return ` (silent${about}${phase === undefined ? '' : ` in the ${phase} phase`}${active ? '' : ', later'})`;
}

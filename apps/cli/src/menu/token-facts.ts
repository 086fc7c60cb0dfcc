import type { NodeId } from '@synod/kernel';
import { compareTimestamps, type Cell } from '@synod/register';
import { decodeToken, tokenKey } from '@synod/tokens';
import type { TokenLayout } from '@synod/transport/client';
import type { ServerState } from '../cluster/ledger-view.js';
import type { RegisterLook } from '../cluster/register-view.js';
import type { HeldToken, ReplicaFacts, TokenFacts } from './facts.js';

/** What is known of a token from looks at its replicas; servers that do not answer have none. */
export function tokenFacts(
  { id, writer, replicas }: TokenLayout,
  looks: ReadonlyMap<NodeId, RegisterLook>,
  stateOf: (server: NodeId) => ServerState,
): TokenFacts {
  const key = tokenKey(id);
  const cells = new Map(replicas.map((server) => [server, looks.get(server)?.cells.get(key)]));
  const newest = [...cells.values()].reduce(newer, undefined);
  const facts = replicas.map((server): ReplicaFacts => {
    const look = looks.get(server);
    const tells = look?.cells.has(key) ?? false;
    const cell = cells.get(server);
    const silences = look?.silences.filter((silence) => silence.key === undefined || silence.key === key) ?? [];
    return {
      server,
      state: stateOf(server),
      silences,
      holds: tells ? held(cell) : undefined,
      isNewest: cell !== undefined && newest !== undefined && compareTimestamps(cell, newest) === 0,
    };
  });
  return { id, writer, replicas: facts, newest: newest && [newest.counter, newest.writer] };
}

function newer(a: Cell | undefined, b: Cell | undefined): Cell | undefined {
  if (!a || !b) return a ?? b;
  return compareTimestamps(a, b) < 0 ? b : a;
}

function held(cell: Cell | undefined): HeldToken {
  if (!cell) return { kind: 'nothing' };
  const tag = [cell.counter, cell.writer] as const;
  return cell.value === undefined ? { kind: 'dropped', tag } : { ...decodeToken(cell.value), tag };
}

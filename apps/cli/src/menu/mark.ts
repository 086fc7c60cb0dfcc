import type { ServerState } from '../cluster/ledger-view.js';

/** What stands behind the name of a server that does not stand as it should. */
export function mark(state: ServerState): string {
  if (state === 'crashed') return ' (crashed, from its data directory)';
  return state === 'disconnected' ? ' (disconnected)' : '';
}

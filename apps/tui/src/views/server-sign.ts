import { span, type Line, type Style } from '../layout/line.js';
import { stateOf, type ServerModel, type ServerState } from '../model/server-model.js';

/** What stands before a server's state: a sign of its own for each, so that no colour is needed. */
export const stateSigns: Readonly<Record<ServerState, { readonly sign: string; readonly style: Style }>> = {
  starting: { sign: '○', style: 'quiet' },
  up: { sign: '●', style: 'good' },
  'catching up': { sign: '↻', style: 'accent' },
  disconnected: { sign: '◌', style: 'warn' },
  silent: { sign: '◐', style: 'warn' },
  down: { sign: '✗', style: 'bad' },
};

/** `● up` */
export function showState(server: ServerModel): Line {
  const state = stateOf(server);
  const { sign, style } = stateSigns[state];
  return [span(`${sign} ${state}`, style)];
}

/** The server's name, marked if what is known of it may be old: `S1`, `S2 ✗` */
export function showServer(server: ServerModel): Line {
  const state = stateOf(server);
  const { sign, style } = stateSigns[state];
  return state === 'up' ? [span(server.id)] : [span(`${server.id} ${sign}`, style)];
}

import { isAbsolute, join } from 'node:path';

/** Where commands are remembered between runs (XDG Base Directory Specification; a relative path there is to be ignored). */
export function historyPath(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const given = env['XDG_STATE_HOME'];
  const state = given !== undefined && isAbsolute(given) ? given : join(home, '.local', 'state');
  return join(state, 'synod', 'history');
}

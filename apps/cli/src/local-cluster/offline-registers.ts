import type { NodeId } from '@synod/kernel';
import { registerMachine, type Cell, type RegisterProtocol } from '@synod/register';
import { replicationIn, type RegisterConfig } from '@synod/tokens';
import { askOffline } from './offline-machine.js';

/**
 * What a server that does not run holds of these registers; undefined where it holds nothing. Rejects with `SynodError`
 * if there is no store, or one of them is not its to hold.
 */
export async function offlineCells(
  config: RegisterConfig,
  self: NodeId,
  directory: string,
  keys: readonly string[],
): Promise<Map<string, Cell | undefined>> {
  const definition = registerMachine({
    self,
    members: config.servers.map(({ id }) => id),
    replicaSetOf: replicationIn(config),
    random: () => 0,
  });
  const commands = keys.map((key) => ({ type: 'inspect', key }) as const);
  const results = await askOffline<RegisterProtocol>(directory, definition, commands);
  return new Map(results.map((result, i) => [keys[i]!, cellOf(result)]));
}

function cellOf(result: RegisterProtocol['result']): Cell | undefined {
  if (result.type === 'error') throw result.error;
  return result.type === 'cell' ? result.cell : undefined;
}

import { join } from 'node:path';
import { Recovery, SynodError, type Machine, type MachineDefinition, type Protocol } from '@synod/kernel';
import { Inspection } from '@synod/storage';

/**
 * Asks the machine of a server that does not run, from a copy of its data directory: the same machine answers that
 * would have answered alive, and nothing of the directory changes. One result for each command, in order. Rejects with
 * `SynodError` if there is no store.
 */
export async function askOffline<P extends Protocol>(
  directory: string,
  definition: MachineDefinition<P>,
  commands: readonly P['command'][],
): Promise<P['result'][]> {
  const store = await Inspection.open(join(directory, 'store'));
  try {
    const recovery = new Recovery({ definition, storage: store, clock: { now: () => 0 } });
    for await (const [key, bytes] of store.scan(definition.live)) recovery.take(key, bytes);
    const machine = recovery.machine();
    return commands.map((command) => ask(machine, command));
  } finally {
    await store.close();
  }
}

function ask<P extends Protocol>(machine: Machine<P>, command: P['command']): P['result'] {
  const output = machine.step({ kind: 'invoke', id: 1, command }, 0);
  const answer = output.complete[0];
  if (!answer) throw new SynodError('internal', 'a machine that is asked offline has no answer at once');
  return answer.result;
}

import { join } from 'node:path';
import { SynodError, type Machine, type MachineDefinition, type Protocol } from '@synod/kernel';
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
  const { codec, live } = definition;
  const store = await Inspection.open(join(directory, 'store'));
  try {
    const records: [string, P['record']][] = [];
    for await (const [key, bytes] of store.scan(live)) records.push([key, codec.decode(key, bytes)]);
    const reader = {
      get: (key: string) => {
        const bytes = store.get(key);
        return bytes && codec.decode(key, bytes);
      },
    };
    const machine = definition.recover({ records, reader }, 0);
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

import { open } from 'node:fs/promises';
import type { Command } from 'commander';
import { toJson } from '@synod/client';
import { LedgerView } from '../cluster/ledger-view.js';
import { Interpreter } from '../menu/interpreter.js';
import { LedgerOperator } from '../menu/ledger-operator.js';
import { Menu } from '../menu/menu.js';
import { Operator } from '../menu/operator.js';
import { dumpLedger } from '../play/ledger-dump.js';
import { narrator } from '../play/narrator.js';
import { Player } from '../play/player.js';
import type { SetResult } from '../play/run-result.js';
import { setUp } from '../run-setup.js';
import { Screen } from '../screen.js';
import { startLedger } from '../start-servers.js';
import { withServers, type Place } from '../with-servers.js';
import { withPlayOptions, type PlayChoices } from './play-options.js';

interface RunChoices extends PlayChoices {
  /** The run result on stdout, everything else on stderr. */
  readonly json: boolean;
  /** Path of the ledger dump to write. */
  readonly dump: string | undefined;
}

/** `synod run [FILE]`: plays all sets without questions. */
export function addRun(program: Command): void {
  withPlayOptions(program.command('run'))
    .description('play all sets of a transaction file without questions')
    .option('--json', 'print the run result as JSON on stdout, everything else on stderr', false)
    .option('--dump <out>', 'write the ledger of every server, and what clients were told, as JSON')
    .action(run);
}

async function run(file: string | undefined, choices: RunChoices): Promise<void> {
  const setup = await setUp(file, choices);
  const dumpFile = choices.dump === undefined ? undefined : await open(choices.dump, 'w');
  const screen = new Screen(process.cwd(), { toStderr: choices.json });
  const start = (place: Place) => startLedger(setup.cluster, place);
  await withServers({ data: setup.data, screen }, start, async (local) => {
    const player = new Player(local, setup.file, { ...choices, observer: narrator(screen) });
    const operator = new Operator({ ledger: new LedgerOperator({ cluster: local, processes: local, player }) });
    const menu = new Menu(new Interpreter(operator), screen);
    const sets: SetResult[] = [];
    for (let result = await menu.playSet(); result; result = await menu.playSet()) sets.push(result);
    if (dumpFile) {
      const dump = await dumpLedger(new LedgerView(local), player.played, {
        shortId: (id) => player.shortId(id),
      });
      await dumpFile.writeFile(toJson(dump));
    }
    if (choices.json) screen.result(toJson({ sets }));
  }).finally(() => dumpFile?.close());
}

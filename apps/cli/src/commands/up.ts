import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { isTerminal } from '@synod/tui';
import { Interpreter } from '../menu/interpreter.js';
import { LedgerOperator } from '../menu/ledger-operator.js';
import { Menu } from '../menu/menu.js';
import { Operator } from '../menu/operator.js';
import { RegisterOperator } from '../menu/register-operator.js';
import type { PlayObserver } from '../play/fates.js';
import { narrator } from '../play/narrator.js';
import { Player } from '../play/player.js';
import { Screen } from '../screen.js';
import { startAll, type Started } from '../start-servers.js';
import { LocalFeed } from '../terminal/local-feed.js';
import { showTerminal } from '../terminal/show-terminal.js';
import { withServers, type Place } from '../with-servers.js';
import { withPlayOptions } from './play-options.js';
import { readSetup, setupLines, type UpChoices, type UpSetup } from './up-setup.js';

/** `synod up [FILE]`: servers, and the terminal interface or the line menu to drive them. */
export function addUp(program: Command): void {
  withPlayOptions(program.command('up'))
    .description('start a cluster of real processes, and open it: on a terminal as a whole screen, otherwise as a menu')
    .option('--plain', 'the menu, also on a terminal; input that ends at once plays all sets', false)
    .option('--registers <file>', 'also start all register servers of a token scheme or cluster.yaml')
    .addOption(
      new Option('--no-ledger', 'start the register servers alone').conflicts([
        'servers',
        'config',
        'initial',
        'short',
        'concurrent',
      ]),
    )
    .action(up);
}

async function up(file: string | undefined, choices: UpChoices): Promise<void> {
  const setup = await readSetup(file, choices);
  const isScreen = isTerminal(process.stdin, process.stdout) && !choices.plain;
  const screen = new Screen(process.cwd(), { toStderr: false });
  const data = choices.data && resolve(choices.data);
  const parts = { cluster: setup.ledger?.cluster, registers: setup.registers };
  await withServers(
    { data, screen },
    (place) => startAll(parts, place),
    async (started, place) => {
      const note = data === undefined ? ' (removed at the end; --data DIR keeps it)' : '';
      const intro = setupLines(setup, `${place.directory}${note}`, screen.path);
      const opened: Opened = { setup, started, choices, screen };
      if (isScreen) {
        screen.log(...intro);
        await openTerminal(opened, place);
      } else {
        screen.print(...intro, '');
        await openMenu(opened);
      }
    },
  ).finally(() => process.stdin.destroy());
  if (isScreen) tellWhere(screen, data);
}

/** All that a face of the cluster is made of. */
interface Opened {
  readonly setup: UpSetup;
  readonly started: Started;
  readonly choices: UpChoices;
  readonly screen: Screen;
}

async function openTerminal(opened: Opened, { interrupted }: Place): Promise<void> {
  const { setup, started, screen } = opened;
  const { ledger, registers } = started;
  const plan = setup.ledger && { source: setup.ledger.source, sets: setup.ledger.file.sets.length };
  const local = new LocalFeed({ plan, processes: [ledger, registers].filter((one) => one !== undefined) });
  const interpreter = interpreterOf(opened, local);
  const clusters = [setup.ledger?.cluster, setup.registers?.config].filter((one) => one !== undefined);
  await showTerminal({ interpreter, clusters, local, screen, interrupted });
}

/** Input that ends before any command: all sets are played, if there is a ledger to play them. */
async function openMenu(opened: Opened): Promise<void> {
  const { setup, screen } = opened;
  const menu = new Menu(interpreterOf(opened, narrator(screen)), screen);
  menu.printMenu();
  const given = await menu.run(process.stdin, process.stdin.isTTY);
  if (given > 0 || process.stdin.isTTY || !setup.ledger) return;
  while (await menu.playSet()) screen.print('');
}

function interpreterOf({ setup, started, choices }: Opened, observer: PlayObserver): Interpreter {
  const { ledger: local, registers } = started;
  const player = local && setup.ledger && new Player(local, setup.ledger.file, { ...choices, observer });
  return new Interpreter(
    new Operator({
      ledger: local && new LedgerOperator({ cluster: local, processes: local, player }),
      registers: registers && new RegisterOperator({ cluster: registers, processes: registers }),
      hints: { ledger: 'leave out --no-ledger', registers: 'start with --registers <file>' },
    }),
  );
}

/** What is left when the screen is gone. */
function tellWhere(screen: Screen, data: string | undefined): void {
  process.stdout.write(`Output: ${screen.path}\n${data === undefined ? '' : `Data: ${data}\n`}`);
}

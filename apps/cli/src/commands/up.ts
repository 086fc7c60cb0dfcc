import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { SynodError } from '@synod/kernel';
import { loadRegisterConfig } from '@synod/tokens';
import { Interpreter } from '../menu/interpreter.js';
import { LedgerOperator } from '../menu/ledger-operator.js';
import { Menu } from '../menu/menu.js';
import { Operator } from '../menu/operator.js';
import { RegisterOperator } from '../menu/register-operator.js';
import { narrator } from '../play/narrator.js';
import { Player } from '../play/player.js';
import { setUp, type Setup } from '../run-setup.js';
import { Screen } from '../screen.js';
import { startAll, type RegisterSetup, type Started } from '../start-servers.js';
import { withServers } from '../with-servers.js';
import { withPlayOptions, type PlayChoices } from './play-options.js';

interface UpChoices extends PlayChoices {
  /** Path of a `cluster.yaml` or a replication scheme. */
  readonly registers: string | undefined;
  readonly ledger: boolean;
}

/** What was read before anything is started. */
interface UpSetup {
  readonly ledger: Setup | undefined;
  readonly registers: RegisterSetup | undefined;
}

/** `synod up [FILE]`: servers and their menu, on a terminal or line by line from a pipe. */
export function addUp(program: Command): void {
  withPlayOptions(program.command('up'))
    .description('start a cluster of real processes and the menu; input that ends at once plays all sets')
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
  const screen = new Screen(process.cwd(), { toStderr: false });
  const data = choices.data && resolve(choices.data);
  const parts = { cluster: setup.ledger?.cluster, registers: setup.registers };
  await withServers(
    { data, screen },
    (place) => startAll(parts, place),
    async (started, directory) => {
      screen.print(
        ...serverLines(setup),
        `Data: ${directory}${data === undefined ? ' (removed at the end; --data DIR keeps it)' : ''}`,
        `${setup.ledger ? `Transactions: ${setup.ledger.source}, ${setup.ledger.file.sets.length} sets. ` : ''}Output: ${screen.path}`,
        '',
      );
      const menu = new Menu(new Interpreter(operatorOf(setup, started, choices, screen)), screen);
      menu.printMenu();
      await use(menu, screen, setup);
    },
  ).finally(() => process.stdin.destroy());
}

async function readSetup(file: string | undefined, choices: UpChoices): Promise<UpSetup> {
  const { registers: path } = choices;
  if (!choices.ledger && path === undefined) {
    throw new SynodError('config', '--no-ledger: nothing is left to start: --registers <file> is missing');
  }
  if (!choices.ledger && file !== undefined) {
    throw new SynodError('config', `--no-ledger: nobody plays ${file}: leave it out`);
  }
  const registers =
    path === undefined ? undefined : { config: await loadRegisterConfig(path), configFile: resolve(path) };
  const ledger = choices.ledger ? await setUp(file, choices) : undefined;
  if (ledger && registers) refuseSharedNames(ledger, registers);
  return { ledger, registers };
}

/** A name in the menu means one server. */
function refuseSharedNames({ cluster }: Setup, { config }: RegisterSetup): void {
  const shared = config.servers.find(({ id }) => cluster.servers.some((server) => server.id === id));
  if (!shared) return;
  throw new SynodError(
    'config',
    `--registers: ${shared.id} is also a server of the ledger: rename one of them, or start the registers alone with --no-ledger`,
  );
}

function serverLines({ ledger, registers }: UpSetup): string[] {
  const lines: string[] = [];
  if (ledger) {
    const { servers } = ledger.cluster;
    lines.push(`${servers.length} servers run: ${servers.map(({ id, address }) => `${id} ${address}`).join(', ')}`);
  }
  if (registers) {
    const { servers } = registers.config;
    const names = servers.map(({ id, address }) => (id === address ? id : `${id} ${address}`));
    lines.push(`${servers.length} register servers run: ${names.join(', ')}`);
  }
  return lines;
}

function operatorOf(setup: UpSetup, started: Started, choices: UpChoices, screen: Screen): Operator {
  const { ledger: local, registers } = started;
  const player =
    local && setup.ledger && new Player(local, setup.ledger.file, { ...choices, observer: narrator(screen) });
  return new Operator({
    ledger: local && new LedgerOperator({ cluster: local, processes: local, player }),
    registers: registers && new RegisterOperator({ cluster: registers, processes: registers }),
    hints: { ledger: 'leave out --no-ledger', registers: 'start with --registers <file>' },
  });
}

/** Input that ends before any command: all sets are played, if there is a ledger to play them. */
async function use(menu: Menu, screen: Screen, { ledger }: UpSetup): Promise<void> {
  const given = await menu.run(process.stdin, process.stdin.isTTY);
  if (given > 0 || process.stdin.isTTY || !ledger) return;
  while (await menu.playSet()) screen.print('');
}

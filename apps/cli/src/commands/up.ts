import type { Command } from 'commander';
import { Menu } from '../menu/menu.js';
import { Operator } from '../menu/operator.js';
import { narrator } from '../play/narrator.js';
import { Player } from '../play/player.js';
import { setUp, withCluster } from '../run-setup.js';
import { Screen } from '../screen.js';
import { withPlayOptions, type PlayChoices } from './play-options.js';

/** `synod up [FILE]`: a cluster and its menu, on a terminal or line by line from a pipe. */
export function addUp(program: Command): void {
  withPlayOptions(program.command('up'))
    .description('start a cluster of real processes and the menu; input that ends at once plays all sets')
    .action(up);
}

async function up(file: string | undefined, choices: PlayChoices): Promise<void> {
  const setup = await setUp(file, choices);
  const screen = new Screen(process.cwd(), { toStderr: false });
  const { servers } = setup.cluster;
  await withCluster(setup, screen, async ({ local, directory }) => {
    screen.print(
      `${servers.length} servers run: ${servers.map(({ id, address }) => `${id} ${address}`).join(', ')}`,
      `Data: ${directory}${setup.data === undefined ? ' (removed at the end; --data DIR keeps it)' : ''}`,
      `Transactions: ${setup.source}, ${setup.file.sets.length} sets. Output: ${screen.path}`,
      '',
    );
    const player = new Player(local, setup.file, { ...choices, observer: narrator(screen) });
    const menu = new Menu(new Operator(local, player), screen);
    menu.printMenu();
    await play(menu, screen);
  }).finally(() => process.stdin.destroy());
}

/** Input that ends before any command: all sets are played. */
async function play(menu: Menu, screen: Screen): Promise<void> {
  const given = await menu.run(process.stdin, process.stdin.isTTY);
  if (given > 0 || process.stdin.isTTY) return;
  while (await menu.playSet()) screen.print('');
}

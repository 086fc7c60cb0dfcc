import { Option, type Command } from 'commander';
import { loadCluster } from '@synod/cluster';
import { SynodError } from '@synod/kernel';
import { loadRegisterConfig } from '@synod/tokens';
import { isTerminal } from '@synod/tui';
import { Interpreter } from '../menu/interpreter.js';
import { LedgerOperator } from '../menu/ledger-operator.js';
import { Operator } from '../menu/operator.js';
import { RegisterOperator } from '../menu/register-operator.js';
import { Player } from '../play/player.js';
import { openClusters, type RemoteCluster } from '../remote-cluster/remote-cluster.js';
import type { NamedServers } from '../remote-cluster/find-clusters.js';
import { Screen } from '../screen.js';
import { untilSignal } from '../signals.js';
import { LocalFeed } from '../terminal/local-feed.js';
import { showTerminal } from '../terminal/show-terminal.js';
import { readSets, readText } from '../transaction-source.js';
import type { TransactionFile } from '@synod/ledger/file';
import { withPolicy, type PolicyChoices } from './play-options.js';
import { addressesIn, type ClusterChoices } from './target-options.js';

type TuiChoices = ClusterChoices & PolicyChoices;

/** A transaction file to be played. */
interface Source {
  readonly path: string;
  readonly file: TransactionFile;
}

/** `synod tui`: the terminal interface of a cluster that runs already. */
export function addTui(program: Command): void {
  withPolicy(program.command('tui'))
    .description('open a cluster that runs already, on a terminal; whatever it finds stays as it is')
    .argument('[file]', 'transaction file (CSV) to be played there')
    .addOption(
      new Option('--connect <host:port,…>', 'some servers of a cluster; one tells of the others').conflicts('config'),
    )
    .option('--config <file>', 'the cluster of a cluster.yaml or token scheme')
    .action(tui);
}

async function tui(path: string | undefined, choices: TuiChoices): Promise<void> {
  const named = await serversIn(choices);
  if (!isTerminal(process.stdin, process.stdout)) {
    throw new SynodError(
      'invalid_argument',
      'synod tui needs a terminal; without one there are single requests, see synod --help',
    );
  }
  const text = path === undefined ? undefined : await readText(path);
  const interrupted = untilSignal();
  const opening = openClusters(named);
  const cluster = await Promise.race([interrupted, opening]).catch((error: unknown) => {
    opening.then(close, () => {});
    throw error;
  });
  try {
    const file = path === undefined || text === undefined ? undefined : sourceFor(cluster, path, text);
    const screen = new Screen(process.cwd(), { toStderr: false });
    await Promise.race([interrupted, open(cluster, file, choices, screen, interrupted)]).finally(() => screen.close());
    process.stdout.write(`Output: ${screen.path}\n`);
  } finally {
    close(cluster);
  }
}

/** Which servers are meant. Rejects with `SynodError` `invalid_argument` or `config`. */
async function serversIn({ connect, config }: ClusterChoices): Promise<NamedServers> {
  if (connect !== undefined) return { addresses: addressesIn(connect) };
  if (config === undefined) {
    throw new SynodError(
      'invalid_argument',
      'synod tui: which cluster? --connect host:port,… or --config FILE says so',
    );
  }
  // A cluster.yaml of a ledger alone has no registers, and a scheme is no cluster.yaml: who reads it last says what is wrong.
  const { id, servers } = await loadCluster(config).catch(() => loadRegisterConfig(config));
  return { addresses: servers.map(({ address }) => address), cluster: id };
}

function sourceFor({ ledger }: RemoteCluster, path: string, text: string): Source {
  if (!ledger) throw new SynodError('config', `no ledger runs there: nobody plays ${path}: leave it out`);
  return { path, file: readSets(path, text, { servers: ledger.servers, accounts: ledger.homes }) };
}

async function open(
  { ledger, registers, clusters }: RemoteCluster,
  source: Source | undefined,
  choices: PolicyChoices,
  screen: Screen,
  interrupted: Promise<never>,
): Promise<void> {
  const plan = source && { source: source.path, sets: source.file.sets.length };
  const local = new LocalFeed({ plan, processes: [] });
  const player = ledger && source && new Player(ledger, source.file, { ...choices, observer: local });
  const interpreter = new Interpreter(
    new Operator({
      ledger: ledger && new LedgerOperator({ cluster: ledger, player }),
      registers: registers && new RegisterOperator({ cluster: registers }),
    }),
  );
  await showTerminal({ interpreter, clusters, local, screen, interrupted });
}

function close(cluster: RemoteCluster): void {
  cluster.close();
  process.stdin.destroy();
}

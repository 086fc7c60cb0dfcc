import { resolve } from 'node:path';
import { SynodError } from '@synod/kernel';
import { loadRegisterConfig } from '@synod/tokens';
import { setUp, type Setup } from '../run-setup.js';
import type { RegisterSetup } from '../start-servers.js';
import type { PlayChoices } from './play-options.js';

export interface UpChoices extends PlayChoices {
  /** Path of a `cluster.yaml` or a replication scheme. */
  readonly registers: string | undefined;
  readonly ledger: boolean;
  /** The line menu, also on a terminal. */
  readonly plain: boolean;
}

/** What was read before anything is started. */
export interface UpSetup {
  readonly ledger: Setup | undefined;
  readonly registers: RegisterSetup | undefined;
}

/** Rejects with `SynodError` `config` or `invalid_argument`. */
export async function readSetup(file: string | undefined, choices: UpChoices): Promise<UpSetup> {
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

/** Which servers run and where everything is, for people. `directory`: of the data. */
export function setupLines({ ledger, registers }: UpSetup, directory: string, output: string): string[] {
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
  const file = ledger ? `Transactions: ${ledger.source}, ${ledger.file.sets.length} sets. ` : '';
  return [...lines, `Data: ${directory}`, `${file}Output: ${output}`];
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

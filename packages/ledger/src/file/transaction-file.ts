import { compareNatural, type NodeId } from '@synod/kernel';
import type { AccountId } from '../transfer.js';
import { readRecords, type CsvRecord } from './csv.js';
import { CommandReader, menuCommands, type MenuCommand } from './menu-command.js';
import { Names } from './names.js';
import { Problems } from './problems.js';
import { readSetRow } from './row.js';
import { SetReader, type TransactionSet } from './set-reader.js';

/** In file order; empty for a file without rows. */
export interface TransactionFile {
  readonly sets: readonly TransactionSet[];
}

export interface TransactionFileOptions {
  readonly servers: readonly NodeId[];
  /** Every account and its home. */
  readonly accounts: ReadonlyMap<AccountId, NodeId>;
  /** What may stand as a command row; `menuCommands` by default. */
  readonly commands?: readonly MenuCommand[];
}

/**
 * Reads a transaction file as a whole. Names are found whatever their case, an exact match first, and are returned
 * as configured; senders and receivers are accounts, live lists name servers.
 *
 * Throws `SynodError` `invalid_argument` if anything in the file is wrong, with every problem, its line and what
 * would be right.
 */
export function readTransactionFile(text: string, options: TransactionFileOptions): TransactionFile {
  const problems = new Problems();
  const servers = new Names('server', options.servers);
  const accounts = new Names('account', options.accounts.keys(), accountsAt(options));
  const everyName = [...options.servers, ...options.accounts.keys()];
  const commands = new CommandReader(options.commands ?? menuCommands, servers, accounts, everyName);
  const sets = new SetReader(servers, accounts, problems);

  const records = readRecords(text, problems).filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  if (records[0] && isHeader(records[0], commands, servers, accounts)) records.shift();
  for (const record of records) {
    if (commands.recognises(record)) {
      sets.takeCommand(record.line, commands.read(record, problems));
    } else {
      const row = readSetRow(record, problems);
      if (row) sets.takeRow(row);
    }
  }
  problems.throwIfAny();
  return { sets: sets.finish() };
}

/** A first row of words: at least two cells, no number, no configured name, no command. */
function isHeader(record: CsvRecord, commands: CommandReader, servers: Names, accounts: Names): boolean {
  const text = record.cells.join(',');
  if (/\d/.test(text) || commands.recognises(record)) return false;
  const words = text.split(/[,;()[\]]/).map((word) => word.trim());
  return (
    words.filter((word) => word !== '').length > 1 && !words.some((word) => servers.has(word) || accounts.has(word))
  );
}

/** Where several accounts share a home, files written for one account per server name the server. */
function accountsAt({ servers, accounts }: TransactionFileOptions): (written: string) => string {
  return (written) => {
    const server = servers.find((id) => id.toLowerCase() === written.toLowerCase());
    if (server === undefined) return '';
    const own = [...accounts].filter(([, home]) => home === server).map(([account]) => account);
    return `${server} is a server, with ${own.length === 0 ? 'no account' : own.sort(compareNatural).join(', ')}`;
  };
}

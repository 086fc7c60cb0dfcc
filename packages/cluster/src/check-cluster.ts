import { compareNatural, type NodeId } from '@synod/kernel';
import type { AccountConfig, Cluster, RegisterConfig } from './cluster.js';
import { configError, quote, type FieldPath } from './config-error.js';
import { genesis } from './fingerprint.js';
import { clusterSchema, maxBalance, type WrittenCluster } from './schema.js';

const defaultInitial = 100n;

/** Words that stand where names stand, in commands and in `writer: any`. */
const reservedNames = new Set(['all', 'any']);

/**
 * Makes a cluster of what a file says, scalars being text. Throws `SynodError` `config` for the first thing that is
 * wrong; `file` begins its message.
 */
export function checkCluster(written: unknown, file: string): Cluster {
  const parsed = clusterSchema.safeParse(written);
  if (!parsed.success) {
    // A misspelt key is also a missing one: the misspelling says more.
    const { issues } = parsed.error;
    const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
    throw configError(file, issue.path, issue.message);
  }
  const refuse = (path: FieldPath, what: string) => configError(file, path, what);
  const { cluster: id, servers, ledger = {}, registers = [], tokens } = parsed.data;

  checkNames(servers, ['servers'], refuse);
  checkAddresses(servers, refuse);
  const ids = new Set(servers.map((server) => server.id));
  const accounts = readAccounts(ledger, ids, refuse);
  return {
    id,
    servers: servers.map(({ id, address, admin }) => ({ id, address, admin })).sort(byId),
    ledger: { initial: ledger.initial ?? defaultInitial, accounts, genesis: genesis(id, accounts) },
    registers: readRegisters(registers, ids, refuse),
    tokens,
  };
}

type Refuse = (path: FieldPath, what: string) => Error;

function readAccounts(
  { initial = defaultInitial, accounts }: NonNullable<WrittenCluster['ledger']>,
  servers: ReadonlySet<NodeId>,
  refuse: Refuse,
): AccountConfig[] {
  const path = ['ledger', 'accounts'];
  checkNames(accounts ?? [], path, refuse);
  for (const [i, { home }] of (accounts ?? []).entries()) checkServer(home, servers, [...path, i, 'home'], refuse);

  const written = accounts ?? [...servers].map((id) => ({ id, home: id, initial: undefined }));
  const read = written.map((account) => ({ ...account, initial: account.initial ?? initial })).sort(byId);
  const sum = read.reduce((total, account) => total + account.initial, 0n);
  if (sum > maxBalance) {
    throw refuse(['ledger'], `the initial balances add up to ${sum}: together they are at most ${maxBalance}`);
  }
  return read;
}

function readRegisters(
  registers: NonNullable<WrittenCluster['registers']>,
  servers: ReadonlySet<NodeId>,
  refuse: Refuse,
): RegisterConfig[] {
  const keys = new Set<string>();
  return registers.map(({ key, writer, readers }, i) => {
    const path = ['registers', i];
    if (keys.has(key)) throw refuse([...path, 'key'], `${quote(key)} stands twice: each key is configured once`);
    keys.add(key);
    if (writer !== 'any') checkServer(writer, servers, [...path, 'writer'], refuse, ' or any');
    for (const [j, reader] of readers.entries()) checkServer(reader, servers, [...path, 'readers', j], refuse);
    return { key, writer, readers: [...new Set(readers)].sort(compareNatural) };
  });
}

function checkNames(named: readonly { readonly id: string }[], path: FieldPath, refuse: Refuse): void {
  const seen = new Set<string>();
  for (const [i, { id }] of named.entries()) {
    if (reservedNames.has(id.toLowerCase())) {
      throw refuse([...path, i, 'id'], `${quote(id)} has a meaning of its own in commands: choose another name`);
    }
    if (seen.has(id)) throw refuse([...path, i, 'id'], `${quote(id)} stands twice: each id is unique`);
    seen.add(id);
  }
}

function checkAddresses(servers: WrittenCluster['servers'], refuse: Refuse): void {
  const users = new Map<string, string>();
  for (const [i, server] of servers.entries()) {
    for (const field of ['address', 'admin'] as const) {
      const address = server[field]?.toLowerCase();
      if (address === undefined) continue;
      const user = users.get(address);
      if (user !== undefined) {
        throw refuse(['servers', i, field], `${quote(server[field])} is ${user} already: each one needs its own`);
      }
      users.set(address, `the ${field} of ${server.id}`);
    }
  }
}

function checkServer(id: string, servers: ReadonlySet<NodeId>, path: FieldPath, refuse: Refuse, or = ''): void {
  if (servers.has(id)) return;
  throw refuse(path, `${quote(id)} is not a server: write ${[...servers].sort(compareNatural).join(', ')}${or}`);
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return compareNatural(a.id, b.id);
}

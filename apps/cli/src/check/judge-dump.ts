import { readFile } from 'node:fs/promises';
import { quote } from '@synod/cluster';
import { SynodError } from '@synod/kernel';
import type { Account } from '@synod/ledger';
import { inFile } from '../in-file.js';
import { auditDump } from './audit-dump.js';

/** What is found about one ledger dump; with `--json`, as it is printed (docs/formats.md). */
export interface DumpJudgement {
  /** The file. */
  readonly dump: string;
  readonly verdict: 'sound' | 'violated';
  /** How many were submitted. */
  readonly transfers: number;
  /** Of the longest chain. */
  readonly blocks: number;
  /** What is wrong. */
  readonly problems: readonly string[];
}

/** What a dump must have, and what is looked at here. */
interface Dump {
  readonly initial: Readonly<Record<string, number | string>>;
  readonly servers: Readonly<Record<string, { readonly blocks: readonly unknown[] } | null>>;
  readonly acked: readonly unknown[];
  readonly rejected: readonly unknown[];
  readonly unknown: readonly unknown[];
  readonly submitted: readonly unknown[];
}

/**
 * Reads a dump and audits it. A dump does not name the homes of accounts: each account must be of one server's name.
 * Rejects with `SynodError` `invalid_argument`.
 */
export async function judgeDump(path: string): Promise<DumpJudgement> {
  try {
    const text = await readFile(path, 'utf8');
    const dump = parse(text);
    const problems = auditDump(text, accountsOf(dump));
    const heights = Object.values(dump.servers).map((server) => server?.blocks.length ?? 0);
    return {
      dump: path,
      verdict: problems.length > 0 ? 'violated' : 'sound',
      transfers: dump.submitted.length,
      blocks: Math.max(0, ...heights),
      problems,
    };
  } catch (error) {
    throw inFile(path, error, 'a ledger dump (JSON)');
  }
}

/** A judgement as lines of text. */
export function renderDumpJudgement({ dump, verdict, transfers, blocks, problems }: DumpJudgement): string[] {
  return [
    `${dump}: ${verdict}`,
    `  ${transfers.toLocaleString('en')} transfers, ${blocks.toLocaleString('en')} blocks`,
    ...problems.map((problem) => `  ${problem}`),
  ];
}

function parse(text: string): Dump {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw new SynodError('invalid_argument', `it is no JSON: ${(cause as Error).message}`, { cause });
  }
  const dump = (typeof found === 'object' && found !== null ? found : {}) as Dump;
  for (const field of ['initial', 'servers', 'acked', 'rejected', 'unknown', 'submitted'] as const) {
    if (typeof dump[field] === 'object' && dump[field] !== null) continue;
    throw new SynodError('invalid_argument', `${field}: is missing: a ledger dump is needed, as --dump writes it`);
  }
  return dump;
}

function accountsOf({ initial, servers }: Dump): Account[] {
  return Object.entries(initial).map(([id, balance]) => {
    if (id in servers) return { id, home: id, initial: BigInt(balance) };
    throw new SynodError(
      'invalid_argument',
      `initial: ${quote(id)} is no server's name, so that its home is not known`,
    );
  });
}

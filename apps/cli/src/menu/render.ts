import { showTransfer, type LedgerBlock } from '@synod/ledger';
import { showBallot } from '@synod/paxos';
import { renderCreated, renderDropped, renderToken } from '../answers/token-answers.js';
import type { FateRow } from '../play/fates.js';
import type { BlockFacts, Facts, LogFacts, PerformanceFacts, SetFacts } from './facts.js';
import { mark } from './mark.js';
import { renderTokens } from './render-tokens.js';
import { table } from './table.js';

/** Facts as lines of text. `shortId` makes ids of the file of those on the wire. */
export function render(facts: Facts, shortId: (id: string) => string): string[] {
  const silent = 'silent' in facts ? facts.silent : [];
  return [...renderFacts(facts, shortId), ...silent.map(({ reason }) => reason)];
}

function renderFacts(facts: Facts, shortId: (id: string) => string): string[] {
  switch (facts.kind) {
    case 'said':
      return [facts.text];
    case 'balances': {
      const rows = facts.rows.map(({ account, home, spendable, pending, state }) => [
        account,
        String(spendable),
        home + mark(state),
        pending > 0 ? `${pending} pending` : '',
      ]);
      return table(['account', 'balance', 'home', ''], rows, [1]);
    }
    case 'logs':
      return facts.servers.flatMap((server) => renderLog(server, shortId));
    case 'blocks':
      return facts.servers.flatMap((server) => renderBlocks(server, shortId));
    case 'performance':
      return facts.servers.flatMap((server) => renderPerformance(server, shortId));
    case 'balance-maps': {
      const rows = facts.servers.map(({ server, state, height, balances }) => [
        server + mark(state),
        String(height),
        ...facts.accounts.map((account) => String(balances.get(account) ?? '')),
      ]);
      return table(['server', 'blocks', ...facts.accounts], rows, [1, ...facts.accounts.map((_, i) => i + 2)]);
    }
    case 'account-map': {
      const rows = facts.views.map(({ server, state, balance }) => [server + mark(state), String(balance)]);
      const isWhole = facts.aggregate !== undefined;
      if (isWhole) rows.push(['aggregate', String(facts.aggregate)]);
      const note = isWhole
        ? 'committed blocks plus all local logs, without consensus'
        : 'unknown while a server is silent';
      return [...table([`${facts.account} on`, 'balance'], rows, [1]), `  aggregate: ${note}`];
    }
    case 'set':
      return renderSet(facts);
    case 'tokens':
      return renderTokens(facts.tokens);
    case 'token':
      return renderToken(facts);
    case 'token-created':
      return renderCreated(facts);
    case 'token-dropped':
      return renderDropped(facts);
  }
}

function renderLog({ server, state, entries, pending }: LogFacts, shortId: (id: string) => string): string[] {
  const lines = [`${server}${mark(state)}: ${count(entries.length, 'transfer')} in the log, ${pending.length} pending`];
  for (const { sequence, value } of entries)
    lines.push(`  ${sequence}. ${showTransfer(value)}  [${shortId(value.id)}]`);
  for (const transfer of pending) lines.push(`  pending: ${showTransfer(transfer)}  [${shortId(transfer.id)}]`);
  return lines;
}

function renderBlocks({ server, state, blocks, missing }: BlockFacts, shortId: (id: string) => string): string[] {
  const gap = missing && `; ${missing.from} to ${missing.to} skipped with a snapshot and not filled in yet`;
  return [
    `${server}${mark(state)}: ${count(blocks.length, 'block')}${gap ?? ''}`,
    ...blocks.flatMap((block) => renderBlock(block, shortId)),
  ];
}

function renderBlock(
  { height, ballot, hash, entries, change }: LedgerBlock,
  shortId: (id: string) => string,
): string[] {
  const head = `  block ${height}  ballot ${showBallot(ballot)}  proposer ${ballot.server}  hash ${hash.slice(0, 16)}…`;
  return [
    `${head}  ${count(entries.length, 'transfer')}`,
    ...(change ? [`    ${change.server} replaced: disk ${change.disk} at ${change.address}`] : []),
    ...entries.map(
      ({ owner, sequence, value }) => `    ${owner} #${sequence}  ${showTransfer(value)}  [${shortId(value.id)}]`,
    ),
  ];
}

function renderPerformance(
  { server, state, requests: what, report }: PerformanceFacts,
  shortId: (id: string) => string,
): string[] {
  if (!report) return [`${server} (crashed): no figures, they are not kept on disk`];
  const { methods, requests } = report;
  const rows = methods
    .filter((method) => method.count > 0)
    .map(({ method, count, totalMs, meanMs, p50Ms, p99Ms }) => {
      return [method.replace(/^.*\./, ''), String(count), ...[totalMs, meanMs, p50Ms, p99Ms].map(ms)];
    });
  const lines = [`${server}${mark(state)}`];
  lines.push(...table(['RPC method', 'count', 'total ms', 'mean', 'p50', 'p99'], rows, [1, 2, 3, 4, 5]));
  const { count: decided, meanMs, p50Ms, p99Ms, perSecond, recent } = requests;
  const figures = `mean ${ms(meanMs)} ms, p50 ${ms(p50Ms)}, p99 ${ms(p99Ms)}, ${perSecond.toFixed(1)}/s`;
  lines.push(`  ${count(decided, what)}${decided > 0 ? `: ${figures}` : ''}`);
  for (const { id, status, ms: took } of recent) lines.push(`    ${shortId(id)}  ${status}  ${ms(took)} ms`);
  return lines;
}

function renderSet({ result, transfers, crashed }: SetFacts): string[] {
  const lines = crashed.length > 0 ? [`Set ${result.set}: ${crashed.join(', ')} should be live, but has crashed.`] : [];
  lines.push(`Set ${result.set}, live ${result.live.join(', ') || 'nobody'}: ${count(transfers.length, 'transfer')}`);
  const shown = transfers.length <= 100 ? transfers : transfers.filter(({ fate }) => fate !== 'local').slice(0, 100);
  const rows = shown.map(({ id, transfer, fate, reason }) => [id, transfer, fate, reason]);
  if (rows.length > 0) lines.push(...table(['id', 'transfer', 'fate', ''], rows));
  if (shown.length < transfers.length)
    lines.push(`  (${shown.length} of ${transfers.length} shown)  ${summary(transfers)}`);
  for (const [id, fate] of Object.entries(result.late ?? {}))
    lines.push(`  ${id}, pending since an earlier set: ${fate}`);
  if (result.pending.length > 0) lines.push(`  still pending: ${cut(result.pending)}`);
  const balances = Object.entries(result.own).map(([account, balance]) => `${account} ${balance ?? '(crashed)'}`);
  const heights = Object.entries(result.blocks).map(([server, height]) => `${server} ${height ?? '(crashed)'}`);
  lines.push(`  balances: ${cut(balances)}`, `  blocks:   ${cut(heights)}`);
  return lines;
}

function summary(transfers: readonly FateRow[]): string {
  const counts = new Map<string, number>();
  for (const { fate } of transfers) counts.set(fate, (counts.get(fate) ?? 0) + 1);
  return [...counts].map(([fate, n]) => `${n} ${fate}`).join(', ');
}

/** A line is for reading: more than fifty items are counted. */
function cut(items: readonly string[]): string {
  return items.length <= 50 ? items.join(', ') : `${items.slice(0, 50).join(', ')}, … (${items.length})`;
}

function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? '' : 's'}`;
}

function ms(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}

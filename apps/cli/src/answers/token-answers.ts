import type { Domain, Hashed, Tag, Token } from '@synod/client';
import { table } from '../menu/table.js';
import { shownName, shownTag, quoted } from './one-line.js';

/* What is found about tokens: as it is printed with `--json` (docs/formats.md), and as lines for people. */

/** A token that was written, or read: then with its final state. */
export interface TokenAnswer {
  readonly id: string;
  readonly name: string;
  readonly domain: Domain;
  /** null: low = mid. */
  readonly partial: Hashed | null;
  readonly final?: Hashed;
  readonly tag: Tag;
}

/** A token that was created or dropped. */
export interface ChangeAnswer {
  readonly id: string;
  readonly tag: Tag;
}

/** Where a cluster was asked, also who may do what with each token. */
export interface ListAnswer {
  readonly tokens: readonly { readonly id: string; readonly writer?: string; readonly replicas?: readonly string[] }[];
}

/** `token` is what was read, or what was written. */
export function tokenAnswer(token: Omit<Token, 'final'> & Partial<Pick<Token, 'final'>>, tag: Tag): TokenAnswer {
  const { id, name, domain, partial = null, final } = token;
  return { id, name, domain, partial, final, tag };
}

/** `token 101 "abc" [0, 10, 100)  partial x=4 (hash 22…)  final x=15 (hash 90…)  tag 3@127.0.0.20:8000` */
export function renderToken({ id, final, tag, ...content }: TokenAnswer): string[] {
  const parts = [`token ${shownName(id)} ${renderContent(content)}`];
  if (final) parts.push(`final ${renderState(final)}`);
  return [[...parts, shownTag(tag)].join('  ')];
}

/** What a replica can hold of it: `"abc" [0, 10, 100)  partial x=4 (hash 22…)` */
export function renderContent({ name, domain, partial }: Pick<TokenAnswer, 'name' | 'domain' | 'partial'>): string {
  const { low, mid, high } = domain;
  return `${quoted(name)} [${low}, ${mid}, ${high})  partial ${partial ? renderState(partial) : 'none'}`;
}

export function renderCreated({ id, tag }: ChangeAnswer): string[] {
  return [`token ${shownName(id)} created  ${shownTag(tag)}`];
}

export function renderDropped({ id, tag }: ChangeAnswer): string[] {
  return [`token ${shownName(id)} dropped  ${shownTag(tag)}`];
}

export function renderList({ tokens }: ListAnswer): string[] {
  if (tokens.length === 0) return ['no tokens'];
  const rows = tokens.map(({ id, writer, replicas }) => [
    shownName(id),
    ...(writer === undefined ? [] : [writer, (replicas ?? []).join(' ')]),
  ]);
  return table(rows[0]!.length === 1 ? ['token'] : ['token', 'writer', 'replicas'], rows);
}

function renderState({ x, hash }: Hashed): string {
  return `x=${x} (hash ${hash})`;
}

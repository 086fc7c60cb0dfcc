import { compareNatural, type NodeId } from '@synod/kernel';
import type { RegisterLayout, Tag } from '@synod/client';
import type { NodeCell } from './node-cell.js';
import type { ServerModel } from './server-model.js';

/** One register or token, as all nodes hold it. */
export interface RegisterRow extends RegisterName {
  /** The one node that writes it, or `any` of them; undefined: not known. */
  readonly writer: string | undefined;
  /** In natural order. */
  readonly replicas: readonly ReplicaCell[];
  /** The one with the highest tag; undefined: never written. */
  readonly newest: NodeCell | undefined;
  /** How many replicas hold it. */
  readonly agreeing: number;
}

export interface ReplicaCell {
  readonly server: NodeId;
  /** Undefined: it holds none, or nobody knows. */
  readonly cell: NodeCell | undefined;
  readonly standing: 'newest' | 'behind' | 'empty' | 'unknown';
  /** It is silent about this register, in these phases. */
  readonly silent: 'read' | 'write' | 'both' | undefined;
}

/** Which register, or which token. */
export interface RegisterName {
  /** Empty for a token that nobody holds yet. */
  readonly key: string;
  readonly token: string | undefined;
}

/** Every register and token that is configured by name or held by somebody, tokens first, in natural order. */
export function registerNames(
  layout: RegisterLayout | undefined,
  ...held: readonly ReadonlyMap<string, NodeCell>[]
): readonly RegisterName[] {
  const names = new Map<string, RegisterName>();
  for (const cells of held) {
    for (const { key, token } of cells.values())
      names.set(token === undefined ? `r${key}` : `t${token}`, { key, token });
  }
  for (const { id } of layout?.tokens ?? []) {
    if (!names.has(`t${id}`)) names.set(`t${id}`, { key: '', token: id });
  }
  for (const { key } of layout?.registers ?? []) {
    if (!key.endsWith('*') && !names.has(`r${key}`)) names.set(`r${key}`, { key, token: undefined });
  }
  return [...names.values()].sort(compareNames);
}

/** How the nodes that should hold a register stand to it. */
export function registerRow(
  { key, token }: RegisterName,
  servers: readonly ServerModel[],
  layout: RegisterLayout | undefined,
): RegisterRow {
  const place = placeOf(key, token, layout);
  const holders = servers.filter(({ id, cells }) => place?.replicas.includes(id) ?? cells?.has(key) ?? false);
  let newest: NodeCell | undefined;
  for (const { cells } of holders) {
    const cell = cells?.get(key);
    if (cell && (!newest || compareTags(cell.tag, newest.tag) > 0)) newest = cell;
  }
  const replicas = holders.map((server) => toReplica(server, key, newest));
  return {
    key,
    token,
    writer: place?.writer,
    replicas,
    newest,
    agreeing: replicas.filter(({ standing }) => standing === 'newest').length,
  };
}

function toReplica(server: ServerModel, key: string, newest: NodeCell | undefined): ReplicaCell {
  const cell = server.cells?.get(key);
  return { server: server.id, cell, standing: standingOf(server, cell, newest), silent: silentAbout(server, key) };
}

function standingOf(
  { cells }: ServerModel,
  cell: NodeCell | undefined,
  newest: NodeCell | undefined,
): ReplicaCell['standing'] {
  if (!cells) return 'unknown';
  if (!newest || !cell) return newest ? 'behind' : 'empty';
  return compareTags(cell.tag, newest.tag) === 0 ? 'newest' : 'behind';
}

function silentAbout({ registers }: ServerModel, key: string): ReplicaCell['silent'] {
  const found = (registers?.silences ?? []).filter((one) => one.active && (one.key ?? key) === key);
  if (found.length === 0) return undefined;
  const phases = new Set(found.map(({ phase }) => phase ?? 'both'));
  return phases.size > 1 ? 'both' : [...phases][0];
}

/** A key itself comes before all patterns, a longer pattern before a shorter one. */
function placeOf(key: string, token: string | undefined, layout: RegisterLayout | undefined) {
  if (token !== undefined) return layout?.tokens.find(({ id }) => id === token);
  const matching = (layout?.registers ?? []).filter((pattern) =>
    pattern.key.endsWith('*') ? key.startsWith(pattern.key.slice(0, -1)) : pattern.key === key,
  );
  return matching.sort((a, b) => rank(b.key) - rank(a.key))[0];
}

function rank(pattern: string): number {
  return pattern.endsWith('*') ? pattern.length : Number.MAX_SAFE_INTEGER;
}

function compareTags([a, writerA]: Tag, [b, writerB]: Tag): number {
  return a - b || compareNatural(writerA, writerB);
}

function compareNames(a: RegisterName, b: RegisterName): number {
  if ((a.token === undefined) !== (b.token === undefined)) return a.token === undefined ? 1 : -1;
  return compareNatural(a.token ?? a.key, b.token ?? b.key);
}

import { hash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { checkCluster, configError, loadText, readYaml, type Cluster, type ClusterServer } from '@synod/cluster';
import { ByteWriter, compareNatural, type NodeId } from '@synod/kernel';
import { replicationByPattern, type KeyPattern, type Replication } from '@synod/register';
import { checkScheme, loadScheme, maxDocuments } from './read-scheme.js';
import type { TokenConfig, TokenScheme } from './scheme.js';
import { tokenIn, tokenKey } from './token-key.js';

/** Which nodes hold which registers and tokens. */
export interface RegisterConfig {
  /** The cluster's id. */
  readonly id: string;
  /** In natural order of their ids. */
  readonly servers: readonly ClusterServer[];
  readonly registers: readonly KeyPattern[];
  /** Its nodes are ids of servers. */
  readonly tokens: readonly TokenConfig[];
}

/** The cluster of a replication scheme that stands for itself. */
const schemeCluster = 'tokens';

/**
 * Reads the configuration of nodes that hold registers: a `cluster.yaml` with `registers`, `tokens` or both, or a token
 * replication scheme by itself, whose nodes are its access points. Rejects with `SynodError` `config`.
 */
export async function loadRegisterConfig(path: string): Promise<RegisterConfig> {
  const documents = readYaml(await loadText(path), path, { most: maxDocuments });
  if (!isCluster(documents)) return ofScheme(checkScheme(documents, path));
  if (documents.length > 1) throw configError(path, [], 'a second document begins: write one');
  const cluster = checkCluster(documents[0], path);
  if (cluster.registers.length === 0 && cluster.tokens === undefined) {
    throw configError(path, [], 'names neither registers nor tokens, for example tokens: tokens.yaml');
  }
  if (cluster.tokens === undefined) return ofCluster(cluster, []);
  const file = join(dirname(path), cluster.tokens);
  return ofCluster(cluster, withServerIds(await loadScheme(file), cluster.servers, file));
}

/** Who holds and writes the register of a key; undefined: it is not configured. */
export function replicationIn({ registers, tokens }: RegisterConfig): (key: string) => Replication | undefined {
  const byPattern = replicationByPattern(registers);
  const byToken = new Map(tokens.map((token) => [tokenKey(token.id), token]));
  return (key) => byToken.get(key) ?? (tokenIn(key) === undefined ? byPattern(key) : undefined);
}

/**
 * What all nodes must agree on before they talk: hexadecimal SHA-256 of everything but addresses, and of the longest
 * range that is searched. Nodes that differ in a replica set could take disjoint majorities for quorums.
 */
export function registerFingerprint({ id, servers, registers, tokens }: RegisterConfig, maxRange: bigint): string {
  const writer = new ByteWriter().text('synod registers 1').text(id).text(String(maxRange));
  const list = (names: readonly string[]): void => {
    writer.number(names.length);
    for (const name of names) writer.text(name);
  };
  list(servers.map((server) => server.id));
  const all = [...registers.map((pattern) => ['key', ...contentOf(pattern.key, pattern)])];
  all.push(...tokens.map((token) => ['token', ...contentOf(token.id, token)]));
  writer.number(all.length);
  for (const one of all.sort((a, b) => compareNatural(a.join('\n'), b.join('\n')))) list(one);
  return hash('sha256', writer.finish(), 'hex');
}

function contentOf(name: string, { writer, replicas }: Replication): string[] {
  return [name, writer, ...replicas];
}

/** A mapping with the keys of a cluster: a scheme of one token is a mapping too. */
function isCluster([document]: readonly unknown[]): boolean {
  return typeof document === 'object' && document !== null && ('cluster' in document || 'servers' in document);
}

function ofScheme({ tokens, nodes }: TokenScheme): RegisterConfig {
  const servers = nodes.map((address) => ({ id: address, address, admin: undefined }));
  return { id: schemeCluster, servers, registers: [], tokens };
}

function ofCluster({ id, servers, registers }: Cluster, tokens: readonly TokenConfig[]): RegisterConfig {
  const patterns = registers.map(({ key, writer, readers }) => {
    const replicas = [...new Set(writer === 'any' ? readers : [writer, ...readers])].sort(compareNatural);
    return { key, writer, replicas };
  });
  return { id, servers, registers: patterns, tokens };
}

/** Schemes name access points, clusters give them ids. */
function withServerIds({ tokens }: TokenScheme, servers: readonly ClusterServer[], file: string): TokenConfig[] {
  const ids = new Map(servers.flatMap(({ id, address }) => [[address, id] as const]));
  const idOf = (accessPoint: NodeId, token: string): NodeId => {
    const id = ids.get(accessPoint);
    if (id !== undefined) return id;
    const what = `${accessPoint} is the address of no server: ${[...ids.keys()].join(', ')}`;
    throw configError(file, [`token ${JSON.stringify(token)}`], what);
  };
  return tokens.map((token) => ({
    ...token,
    writer: idOf(token.writer, token.id),
    replicas: token.replicas.map((replica) => idOf(replica, token.id)).sort(compareNatural),
  }));
}

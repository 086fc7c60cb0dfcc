import { ByteReader, ByteWriter, SynodError, type NodeId } from '@synod/kernel';
import { IDENTITY_KEY, LAYOUT } from './layout.js';
import { seal, unseal } from './seal.js';

/** Whose store it is. Fixed when the store is made; whoever opens it later must be the same. */
export interface StoreIdentity {
  readonly cluster: string;
  readonly node: NodeId;
  /** Names the records and their version, such as `paxos-1`: what the codec of the node's machine understands. */
  readonly format: string;
}

/** What a store says of itself. */
export interface ClaimedIdentity extends StoreIdentity {
  /** Random, 64 bits in hexadecimal digits: tells this store from any other that its owner had or will have. */
  readonly disk: string;
}

const FIELDS = ['cluster', 'node', 'format'] as const;

export function sealIdentity({ cluster, node, format, disk }: ClaimedIdentity): Uint8Array {
  const writer = new ByteWriter().number(LAYOUT).text(cluster).text(node).text(format).text(disk);
  return seal(IDENTITY_KEY, writer.finish());
}

/** Throws `SynodError`: `corrupt` if it is damaged, `config` if a store of another layout wrote it. */
export function unsealIdentity(directory: string, sealed: Uint8Array): ClaimedIdentity {
  const reader = new ByteReader(unseal(IDENTITY_KEY, sealed));
  const layout = reader.number();
  if (layout !== LAYOUT) {
    throw new SynodError('config', `the store in ${directory} has layout ${layout}, this version reads ${LAYOUT}`);
  }
  const identity = { cluster: reader.text(), node: reader.text(), format: reader.text(), disk: reader.text() };
  reader.done();
  return identity;
}

/** Throws `SynodError` `config` if a name is empty. */
export function requireNames(directory: string, identity: StoreIdentity): void {
  for (const field of FIELDS) {
    if (identity[field] === '') throw new SynodError('config', `${field} of the store in ${directory} is empty`);
  }
}

/** Throws `SynodError` `config`, naming the first field that differs, if the store belongs to someone else. */
export function requireIdentity(directory: string, found: StoreIdentity, wanted: StoreIdentity): void {
  for (const field of FIELDS) {
    if (found[field] === wanted[field]) continue;
    throw new SynodError(
      'config',
      `the store in ${directory} belongs to ${field} "${found[field]}", not "${wanted[field]}"`,
    );
  }
}

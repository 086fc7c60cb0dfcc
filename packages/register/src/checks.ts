import { SynodError, type NodeId } from '@synod/kernel';
import type { Configuration } from './configuration.js';
import type { Incarnation } from './incarnation.js';
import type { KeyCommand, ReplaceCommand } from './protocol.js';
import type { ReplicaSet } from './replica-set.js';

/** In UTF-16 code units: keys name records on disk, three bytes a character at worst. */
const longestKey = 512;

/** Whether it may be a key: lone surrogates are no text and become U+FFFD on the wire, so two such keys would be one there. */
export function isText(key: string): boolean {
  return isAscii(key) || !/[\p{Surrogate}\uFFFD]/u.test(key);
}

/** As nearly all keys are. */
function isAscii(key: string): boolean {
  for (let i = 0; i < key.length; i++) if (key.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** Why a caller can not have what it asks of this node; undefined: it can. */
export function objectionToKey(key: string): SynodError | undefined {
  if (key.length > 0 && key.length <= longestKey && isText(key)) return undefined;
  return new SynodError('invalid_argument', `key: 1 to ${longestKey} characters of well-formed text`);
}

export function objectionToPage(from: number, limit: number): SynodError | undefined {
  const isPosition = Number.isSafeInteger(from) && from >= 0;
  if (isPosition && Number.isSafeInteger(limit) && limit >= 1) return undefined;
  return new SynodError('invalid_argument', `cells: from a position of 0 or more, 1 or more, not ${from} and ${limit}`);
}

/** Of an operation on a register that is configured. */
export function objectionToOperation(
  self: NodeId,
  command: KeyCommand,
  set: ReplicaSet,
  valueBytes: number,
): SynodError | undefined {
  switch (command.type) {
    case 'inspect':
    case 'read':
      return objectionToReader(self, command.key, set);
    case 'write':
      return objectionToWriter(self, command.key, set) ?? objectionToValue(command.value, valueBytes);
    case 'delete':
      return objectionToWriter(self, command.key, set);
  }
}

function objectionToReader(self: NodeId, key: string, set: ReplicaSet): SynodError | undefined {
  if (set.isHere) return undefined;
  return unauthorised(`${self} holds no replica of ${JSON.stringify(key)}`, set.replicas);
}

function objectionToWriter(self: NodeId, key: string, set: ReplicaSet): SynodError | undefined {
  if (set.writer === 'any' ? set.isHere : set.writer === self) return undefined;
  return unauthorised(
    `${self} may not write ${JSON.stringify(key)}`,
    set.writer === 'any' ? set.replicas : [set.writer],
  );
}

function objectionToValue(value: Uint8Array, limit: number): SynodError | undefined {
  if (value.length <= limit) return undefined;
  return new SynodError('invalid_argument', `value: at most ${limit} bytes, not ${value.length}`);
}

export function unknownKey(key: string): SynodError {
  return new SynodError('unknown_key', `no register ${JSON.stringify(key)} is configured`);
}

function unauthorised(what: string, whoMay: readonly NodeId[]): SynodError {
  return new SynodError('unauthorised', `${what}: ask ${whoMay.join(' or ')}`);
}

const diskForm = /^[0-9a-f]{16}$/;

/** Why this node does not begin a replacement; undefined: it does. */
export function objectionToReplacement(
  self: NodeId,
  others: readonly NodeId[],
  { node, disk, address }: ReplaceCommand,
  configuration: Configuration,
  diskOf: (node: NodeId) => Incarnation | undefined,
): SynodError | undefined {
  if (node === self)
    return new SynodError('invalid_argument', `node: ${self} does not replace itself: ask another node`);
  if (!others.includes(node))
    return new SynodError('unknown_server', `node: no ${JSON.stringify(node)} shares registers with ${self}`);
  if (!diskForm.test(disk)) return new SynodError('invalid_argument', 'disk: 16 hexadecimal digits');
  if (address === '') return new SynodError('invalid_argument', 'address: host:port');
  const owner = [self, ...others].find((other) => diskOf(other) === disk);
  if (owner !== undefined) return new SynodError('invalid_argument', `disk: ${disk} is that of ${owner}`);
  for (const other of configuration.replacements) {
    if (other.node === node) continue;
    if (other.address === address) return new SynodError('invalid_argument', `address: ${other.node} is at ${address}`);
    if (!other.done) {
      const message = `${other.node} at ${other.address} has not copied all it must yet: wait for it, or replace it again`;
      return new SynodError('not_ready', `${message}; ${node} is not replaced`);
    }
  }
  return undefined;
}

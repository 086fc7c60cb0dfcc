import { noMark, type Mark, type RegisterMessage, type Replacement, type RequestId } from '@synod/register';
import * as wire from '../gen/synod/register/v1/messages.js';
import { checkKey } from '../register/register-checks.js';
import type { MessageCodec } from './message-codec.js';
import { parseMessage } from './parse-message.js';
import {
  readCell,
  readIncarnation,
  readKeyedCell,
  writeCell,
  writeIncarnation,
  writeKeyedCell,
} from './register-types.js';
import { nonEmpty, positive, required } from './wire-checks.js';

type Content = NonNullable<wire.Message['content']>;

/** The messages between nodes that hold registers, as synod/register/v1/messages.proto. */
export const registerMessageCodec: MessageCodec<RegisterMessage> = {
  encode: (message) => wire.Message.encode({ content: toContent(message) }).finish(),
  decode: (bytes) => fromContent(required(parseMessage(wire.Message, bytes).content, 'message')),
};

function toContent(message: RegisterMessage): Content {
  const { type } = message;
  switch (type) {
    case 'read': {
      const { request, key, mark } = message;
      return { $case: type, value: { request: writeRequest(request), key, mark: writeMark(mark) } };
    }
    case 'ack':
      return { $case: type, value: { request: writeRequest(message.request), key: message.key, mark: 0n } };
    case 'value': {
      const { request, key, cell } = message;
      return { $case: type, value: { request: writeRequest(request), key, cell: cell && writeCell(cell) } };
    }
    case 'write': {
      const { request, key, cell, mark } = message;
      const value = { request: writeRequest(request), key, cell: writeCell(cell), mark: writeMark(mark) };
      return { $case: type, value };
    }
    case 'introduce': {
      const { identity, replaces } = message;
      const former = replaces === undefined ? undefined : writeIncarnation(replaces);
      return { $case: type, value: { identity: writeIncarnation(identity), replaces: former } };
    }
    case 'acquainted':
      return { $case: type, value: { identity: writeIncarnation(message.identity) } };
    case 'copy': {
      const { request, from, members, mark } = message;
      const value = { request: writeRequest(request), from, members: [...members], mark: writeMark(mark) };
      return { $case: type, value };
    }
    case 'page': {
      const { request, incarnation, identity, cells, next } = message;
      return {
        $case: type,
        value: {
          request: writeRequest(request),
          incarnation: writeIncarnation(incarnation),
          identity: writeIncarnation(identity),
          cells: cells.map(writeKeyedCell),
          next: next ?? 0,
        },
      };
    }
    case 'configuration':
      return { $case: type, value: { replacements: message.replacements.map(writeReplacement) } };
  }
}

function fromContent({ $case: type, value }: Content): RegisterMessage {
  switch (type) {
    case 'read': {
      const { request, key, mark } = value;
      return { type, request: readRequest(request), mark: readIncarnation(mark), key: checkKey(key) };
    }
    case 'ack':
      return { type, request: readRequest(value.request), key: checkKey(value.key) };
    case 'value': {
      const { request, key, cell } = value;
      return { type, request: readRequest(request), key: checkKey(key), cell: cell && readCell(cell, 'cell') };
    }
    case 'write': {
      const { request, key, cell, mark } = value;
      return {
        type,
        request: readRequest(request),
        mark: readIncarnation(mark),
        key: checkKey(key),
        cell: readCell(required(cell, 'cell'), 'cell'),
      };
    }
    case 'introduce': {
      const { identity, replaces } = value;
      const former = replaces === undefined ? undefined : readIncarnation(replaces);
      return { type, identity: readIncarnation(identity), replaces: former };
    }
    case 'acquainted':
      return { type, identity: readIncarnation(value.identity) };
    case 'copy': {
      const { request, from, members, mark } = value;
      for (const member of members) nonEmpty(member, 'member');
      return { type, request: readRequest(request), mark: readIncarnation(mark), from, members };
    }
    case 'page': {
      const { request, incarnation, identity, cells, next } = value;
      return {
        type,
        request: readRequest(request),
        incarnation: readIncarnation(incarnation),
        identity: readIncarnation(identity),
        cells: cells.map((cell) => readKeyedCell(cell, 'cells')),
        next: next === 0 ? undefined : next,
      };
    }
    case 'configuration':
      return { type, replacements: value.replacements.map(readReplacement) };
  }
}

/** Hardly ever anything but none. */
function writeMark(mark: Mark): bigint {
  return mark === noMark ? 0n : writeIncarnation(mark);
}

function writeReplacement({ node, version, disk, address, done }: Replacement): wire.Replacement {
  return { node, version, disk: writeIncarnation(disk), address, done };
}

function readReplacement({ node, version, disk, address, done }: wire.Replacement): Replacement {
  return {
    node: nonEmpty(node, 'replacements.node'),
    version: positive(version, 'replacements.version'),
    disk: readIncarnation(disk),
    address: nonEmpty(address, 'replacements.address'),
    done,
  };
}

function writeRequest({ incarnation, number }: RequestId): wire.RequestId {
  return { incarnation: writeIncarnation(incarnation), number };
}

function readRequest(request: wire.RequestId | undefined): RequestId {
  const { incarnation, number } = required(request, 'request');
  return { incarnation: readIncarnation(incarnation), number: positive(number, 'request.number') };
}

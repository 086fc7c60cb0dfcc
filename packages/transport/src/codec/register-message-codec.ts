import { noMark, type Mark, type RegisterMessage, type Replacement, type RequestId } from '@synod/register';
import * as wire from '../gen/synod/register/v1/messages.js';
import type { MessageCodec } from './message-codec.js';
import { isPacked, packMessage, unpackMessage, type PackedMessage } from './packed-register-messages.js';
import { parseMessage } from './parse-message.js';
import { readIncarnation, readKeyedCell, writeIncarnation, writeKeyedCell } from './register-types.js';
import { nonEmpty, positive, required } from './wire-checks.js';

type Content = NonNullable<wire.Message['content']>;

/** The messages between nodes that hold registers: those of the algorithm packed, as synod/register/v1/messages.proto the rest. */
export const registerMessageCodec: MessageCodec<RegisterMessage> = {
  encode(message) {
    switch (message.type) {
      case 'read':
      case 'value':
      case 'write':
      case 'ack':
        return packMessage(message);
      default:
        return wire.Message.encode({ content: toContent(message) }).finish();
    }
  },
  decode(bytes) {
    if (isPacked(bytes)) return unpackMessage(bytes);
    return fromContent(required(parseMessage(wire.Message, bytes).content, 'message'));
  },
};

function toContent(message: Exclude<RegisterMessage, PackedMessage>): Content {
  const { type } = message;
  switch (type) {
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

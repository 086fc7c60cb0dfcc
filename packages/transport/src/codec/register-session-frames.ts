import { SynodError, type NodeId } from '@synod/kernel';
import type { Incarnation, ReplicaReply, Tag } from '@synod/register';
import { Failure } from '../gen/synod/common/v1/failure.js';
import * as wire from '../gen/synod/register/v1/register_service.js';
import { writeFailure } from '../errors/failure-wire.js';
import type { OperationAnswer, OperationOutcome, RegisterOperation } from '../register/operation.js';
import { readOperation, readResult } from '../register/register-wire.js';
import type { SessionRequest, SessionResponse } from '../session/session-wire.js';
import { Incarnations } from './incarnations.js';
import { field, FieldReader, FieldWriter } from './protobuf-fields.js';
import { nonEmpty, positive, reject } from './wire-checks.js';

/*
 * The frames of sessions with registers, as synod/register/v1/register_service.proto has them. These are nearly all that
 * clients and servers tell each other: written and read by hand, without an object for each message within a message, they
 * cost a fraction of what generated code takes. The bytes are the same, and what is unusual is read by generated code. A
 * field that is added to these messages must be written here, too.
 */

type Request = Pick<SessionRequest<RegisterOperation>, 'items'>;
type Response = SessionResponse<OperationAnswer>;

export const registerSession = {
  ...wire.RegisterServiceService.session,
  requestSerialize: encodeRequest,
  requestDeserialize: decodeRequest,
  responseSerialize: encodeResponse,
  responseDeserialize: decodeResponse,
};

const operations = {
  read: field.sized1,
  write: field.sized2,
  delete: field.sized3,
  consult: field.sized4,
} as const;
const results = {
  read: field.sized1,
  written: field.sized2,
  failure: field.sized3,
  consulted: field.sized4,
} as const;

const writer = new FieldWriter();
/** Of writers, and of bases, which have the same form. */
const incarnations = new Incarnations();
const incarnationBytes = 8;
const maxUint32 = 0xffff_ffff;

function encodeRequest({ items }: Request): Buffer {
  writer.begin();
  for (const { number, request } of items) {
    const item = writer.openField(field.sized1);
    writer.numberField(field.number1, number);
    if (request) encodeOperation(request);
    writer.close(item);
  }
  return writer.finish();
}

function encodeResponse(response: Response): Buffer {
  writer.begin();
  for (const { number, result } of response.results) {
    const item = writer.openField(field.sized1);
    writer.numberField(field.number1, number);
    if (result) encodeResult(result);
    writer.close(item);
  }
  return writer.finish();
}

/** Throws only on bytes that are no Protobuf; operations are unchecked, so that one that makes no sense fails alone. */
function decodeRequest(bytes: Buffer): Request {
  try {
    const reader = new FieldReader(bytes);
    const items: Request['items'] = [];
    while (reader.hasMore) {
      reader.expect(field.sized1);
      const end = reader.end();
      reader.expect(field.number1);
      items.push({ number: reader.number(), request: decodeOperation(reader, end) });
    }
    return { items };
  } catch {
    const { items } = wire.SessionRequest.decode(bytes);
    return {
      items: items.map(({ number, request }) => {
        const operation = request?.operation;
        return { number, request: operation && readOperation(operation) };
      }),
    };
  }
}

/** Throws only on bytes that are no Protobuf; a result that makes no sense is an `internal` error of its own. */
function decodeResponse(bytes: Buffer): Response {
  try {
    const reader = new FieldReader(bytes);
    const all: Response['results'] = [];
    while (reader.hasMore) {
      reader.expect(field.sized1);
      const end = reader.end();
      reader.expect(field.number1);
      all.push({ number: reader.number(), result: decodeResult(reader, bytes, end) });
    }
    return { results: all };
  } catch {
    const response = wire.SessionResponse.decode(bytes);
    return { results: response.results.map(({ number, result }) => ({ number, result: readResult(result) })) };
  }
}

function encodeOperation(operation: RegisterOperation): void {
  const request = writer.openField(field.sized2);
  const asked = writer.openField(operations[operation.type]);
  if (operation.type === 'consult') {
    for (const key of operation.keys) writer.listedText(field.sized1, key);
    writer.numberField(field.number2, operation.timestampOnly ? 1 : 0);
  } else {
    writer.textField(field.sized1, operation.key);
    if (operation.type === 'write' && operation.value.length > 0) writer.bytesField(field.sized2, operation.value);
  }
  writer.close(asked);
  writer.close(request);
}

/** `end`: of the item, and so of all that is in it. */
function decodeOperation(reader: FieldReader, end: number): RegisterOperation {
  reader.expect(field.sized2);
  reader.last(end);
  const asked = reader.byte();
  reader.last(end);
  if (asked === operations.consult) return decodeConsult(reader, end);
  reader.expect(field.sized1);
  const key = reader.text();
  let operation: RegisterOperation;
  switch (asked) {
    case operations.read:
      operation = { type: 'read', key };
      break;
    case operations.write:
      operation = { type: 'write', key, value: reader.has(field.sized2, end) ? reader.bytes() : Buffer.alloc(0) };
      break;
    case operations.delete:
      operation = { type: 'delete', key };
      break;
    default:
      return reject('operation', 'is unknown');
  }
  reader.endsAt(end);
  return operation;
}

function decodeConsult(reader: FieldReader, end: number): RegisterOperation {
  const keys: string[] = [];
  while (reader.has(field.sized1, end)) keys.push(reader.text());
  const timestampOnly = reader.has(field.number2, end) && isTrue(reader);
  reader.endsAt(end);
  return { type: 'consult', keys, timestampOnly };
}

/** Any other form of it generated code reads. */
function isTrue(reader: FieldReader): boolean {
  reader.expect(1);
  return true;
}

function encodeResult(outcome: OperationAnswer): void {
  const result = writer.openField(field.sized2);
  if (outcome instanceof SynodError) {
    writer.bytesField(results.failure, Failure.encode(writeFailure(outcome)).finish());
  } else if (outcome.type === 'value') {
    const read = writer.openField(results.read);
    if (outcome.value) writer.bytesField(field.sized1, outcome.value);
    if (outcome.tag) encodeTag(field.sized2, ...outcome.tag);
    writer.close(read);
  } else if (outcome.type === 'consulted') {
    const consulted = writer.openField(results.consulted);
    for (const reply of outcome.replies) encodeReply(reply);
    writer.close(consulted);
  } else {
    const written = writer.openField(results.written);
    encodeTag(field.sized1, ...outcome.tag);
    writer.close(written);
  }
  writer.close(result);
}

/** `end`: of the item, and so of all that is in it. */
function decodeResult(reader: FieldReader, bytes: Buffer, end: number): OperationOutcome {
  reader.expect(field.sized2);
  reader.last(end);
  const ended = reader.byte();
  reader.last(end);
  let outcome: OperationOutcome;
  switch (ended) {
    case results.read: {
      const value = reader.has(field.sized1, end) ? reader.bytes() : undefined;
      const tag = reader.has(field.sized2, end) ? decodeTag(reader) : undefined;
      outcome = { type: 'value', value, tag };
      break;
    }
    case results.written:
      reader.expect(field.sized1);
      outcome = { type: 'written', tag: decodeTag(reader) };
      break;
    case results.consulted:
      outcome = { type: 'consulted', replies: decodeReplies(reader, bytes, end) };
      break;
    default:
      return reject('result', 'is a failure, or unknown');
  }
  reader.endsAt(end);
  return outcome;
}

function encodeReply(reply: ReplicaReply | undefined): void {
  const start = writer.openField(field.sized1);
  if (reply) {
    const { value, timestamp, replicas, basis } = reply;
    if (value) writer.bytesField(field.sized1, value);
    if (timestamp) {
      encodeTag(field.sized2, timestamp.counter, timestamp.writer);
      writer.bytesField(field.sized3, incarnations.bytesOf(timestamp.incarnation));
    }
    writer.numberField(field.number4, replicas);
    writer.bytesField(field.sized5, incarnations.bytesOf(basis));
  }
  writer.close(start);
}

function decodeReplies(reader: FieldReader, bytes: Buffer, end: number): (ReplicaReply | undefined)[] {
  const replies: (ReplicaReply | undefined)[] = [];
  while (reader.has(field.sized1, end)) {
    const ends = reader.end();
    replies.push(reader.at === ends ? undefined : decodeReply(reader, bytes, ends));
  }
  return replies;
}

function decodeReply(reader: FieldReader, bytes: Buffer, end: number): ReplicaReply {
  const value = reader.has(field.sized1, end) ? reader.bytes() : undefined;
  let timestamp: ReplicaReply['timestamp'];
  if (reader.has(field.sized2, end)) {
    const [counter, name] = decodeTag(reader);
    reader.expect(field.sized3);
    timestamp = { counter, writer: name, incarnation: decodeIncarnation(reader, bytes) };
  }
  reader.expect(field.number4);
  const replicas = positive(reader.number(), 'replicas');
  if (replicas > maxUint32) reject('replicas', 'are more than fit their field');
  reader.expect(field.sized5);
  const basis = decodeIncarnation(reader, bytes);
  reader.endsAt(end);
  return { value, timestamp, replicas, basis };
}

function decodeIncarnation(reader: FieldReader, bytes: Buffer): Incarnation {
  reader.expect(incarnationBytes);
  return incarnations.read(bytes, reader.skip(incarnationBytes));
}

function encodeTag(at: number, counter: number, name: NodeId): void {
  const tag = writer.openField(at);
  writer.numberField(field.number1, counter);
  writer.textField(field.sized2, name);
  writer.close(tag);
}

function decodeTag(reader: FieldReader): Tag {
  const end = reader.end();
  reader.expect(field.number1);
  const counter = positive(reader.number(), 'tag.counter');
  reader.expect(field.sized2);
  const name = nonEmpty(reader.text(), 'tag.writer');
  reader.endsAt(end);
  return [counter, name];
}

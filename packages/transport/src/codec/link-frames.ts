import { PeerServiceService, type LinkRequest } from '../gen/synod/peer/v1/peer.js';
import { field, FieldReader, FieldWriter } from './protobuf-fields.js';

/*
 * What travels on links between nodes, as synod/peer/v1/peer.proto has it. Nearly all of it are frames: written and read by
 * hand, without a copy of each message, they cost a fraction of what generated code takes. The bytes are the same, and what
 * is unusual is read by generated code. A field that is added to `Frame` must be written here, too.
 */

const { requestSerialize, requestDeserialize } = PeerServiceService.link;

export const peerLink = {
  ...PeerServiceService.link,
  requestSerialize: encodeRequest,
  requestDeserialize: decodeRequest,
};

const writer = new FieldWriter();

function encodeRequest(request: LinkRequest): Buffer {
  if (request.content?.$case !== 'frame') return requestSerialize(request);
  const { messages, number } = request.content.value;
  writer.begin();
  const frame = writer.openField(field.sized2);
  for (const message of messages) writer.bytesField(field.sized1, message);
  writer.numberField(field.number2, number);
  writer.close(frame);
  return writer.finish();
}

/** Messages lie in the memory of the request. Throws only on bytes that are no Protobuf. */
function decodeRequest(bytes: Buffer): LinkRequest {
  try {
    return decodeFrame(new FieldReader(bytes), bytes.length);
  } catch {
    return requestDeserialize(bytes);
  }
}

function decodeFrame(reader: FieldReader, end: number): LinkRequest {
  reader.expect(field.sized2);
  reader.last(end);
  const messages: Buffer[] = [];
  while (reader.has(field.sized1, end)) messages.push(reader.view());
  const number = reader.has(field.number2, end) ? reader.number() : 0;
  reader.endsAt(end);
  return { content: { $case: 'frame', value: { messages, number } } };
}

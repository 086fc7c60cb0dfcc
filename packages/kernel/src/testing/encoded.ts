import { ByteWriter } from '../bytes.js';
import type { RecordCodec } from '../ports.js';

/** A record as storage holds it. */
export function encoded<R>(codec: RecordCodec<R>, record: R): Uint8Array {
  const writer = new ByteWriter();
  codec.encode('', record, writer);
  return writer.take();
}

import { Cursor } from './cursor.js';
import { Damage } from './damage.js';

/** Undoes Snappy compression (google/snappy, format_description.txt). Throws `Damage` if the bytes make no sense. */
export function unsnappy(compressed: Uint8Array): Uint8Array {
  const input = new Cursor(compressed);
  const output = new Uint8Array(input.varint());
  let length = 0;
  while (!input.atEnd) {
    const tag = input.take(1)[0]!;
    if ((tag & 3) === 0) {
      const literal = input.take(1 + (tag < 240 ? tag >> 2 : littleEndian(input.take((tag >> 2) - 59))));
      output.set(literal, length);
      length += literal.length;
      continue;
    }
    const copied = (tag & 3) === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
    const distance =
      (tag & 3) === 1 ? ((tag >> 5) << 8) | input.take(1)[0]! : littleEndian(input.take((tag & 3) === 2 ? 2 : 4));
    if (distance === 0 || distance > length) throw new Damage('a copy reaches before the start');
    // Byte by byte: what is copied may reach into what it makes.
    for (const end = length + copied; length < end; length++) output[length] = output[length - distance]!;
  }
  if (length !== output.length) throw new Damage('there is less, or more, than was announced');
  return output;
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}

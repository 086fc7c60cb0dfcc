import { ByteReader, ByteWriter, SynodError } from '@synod/kernel';
import type { Hashed } from './arg-min.js';
import { checkDomain } from './domain.js';
import type { Token } from './token.js';

/** What the register of a token holds: that it was created anew, or what was written last. */
export type TokenValue =
  { readonly kind: 'created' } | ({ readonly kind: 'written' } & Pick<Token, 'name' | 'domain' | 'partial'>);

/** First byte of the stored form, to tell later forms from this one. */
const version = 1;

export function encodeToken(value: TokenValue): Uint8Array {
  const writer = new ByteWriter().number(version).boolean(value.kind === 'written');
  if (value.kind === 'created') return writer.finish();
  const { name, domain, partial } = value;
  writer
    .text(name)
    .uint64(domain.low)
    .uint64(domain.mid)
    .uint64(domain.high)
    .boolean(partial !== undefined);
  if (partial) writer.uint64(partial.x).uint64(partial.hash);
  return writer.finish();
}

/** Throws `SynodError` `corrupt` on anything that `encodeToken` does not write. */
export function decodeToken(bytes: Uint8Array): TokenValue {
  const reader = new ByteReader(bytes);
  const form = reader.number();
  if (form !== version) throw new SynodError('corrupt', `stored token has form ${form}: this program knows ${version}`);
  const value: TokenValue = reader.boolean() ? readWritten(reader) : { kind: 'created' };
  reader.done();
  return value;
}

function readWritten(reader: ByteReader): TokenValue {
  const name = reader.text();
  const domain = { low: reader.uint64(), mid: reader.uint64(), high: reader.uint64() };
  const partial: Hashed | undefined = reader.boolean() ? { x: reader.uint64(), hash: reader.uint64() } : undefined;
  try {
    checkDomain(domain);
  } catch (cause) {
    throw new SynodError('corrupt', 'stored token has a domain that none can have', { cause });
  }
  return { kind: 'written', name, domain, partial };
}

import { decodeToken, SynodError, tokenIn, type KeyedCell } from '@synod/client';
import type { NodeCell } from '../model/node-cell.js';

/** A cell as people read it: tokens by name, domain and state, other values as text where they are text. */
export function nodeCellOf({ key, cell: { counter, writer, value } }: KeyedCell): NodeCell {
  const token = tokenIn(key);
  const show = token === undefined ? showValue : showToken;
  return { key, token, tag: [counter, writer], value: value && show(value) };
}

/** `abc [1, 5, 10)  partial x=4 hash 2207634929195471568` */
function showToken(value: Uint8Array): string {
  try {
    const token = decodeToken(value);
    if (token.kind === 'created') return 'created, not written';
    const { name, domain, partial } = token;
    const state = partial ? `x=${partial.x} hash ${partial.hash}` : 'none';
    return `${name} [${domain.low}, ${domain.mid}, ${domain.high})  partial ${state}`;
  } catch (error) {
    if (!(error instanceof SynodError)) throw error;
    return `unreadable: ${error.message}`;
  }
}

/** Characters of a long value that are kept: more than any screen is wide. */
const shownCharacters = 500;

function showValue(value: Uint8Array): string {
  const start = Buffer.from(value.buffer, value.byteOffset, value.byteLength).subarray(0, 4 * shownCharacters);
  const text = start.toString();
  if (text.includes('\ufffd')) return `${value.length} bytes: ${start.subarray(0, 32).toString('hex')}`;
  return text.slice(0, shownCharacters);
}

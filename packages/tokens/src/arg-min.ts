import { hash } from 'node:crypto';
import { hexDigits } from './hash-of.js';

/** A number and its hash. */
export interface Hashed {
  readonly x: bigint;
  readonly hash: bigint;
}

/** The x in [low, high) with the least H(name, x); of several the least x. Undefined if the range is empty. */
export function argMin(name: string, low: bigint, high: bigint): Hashed | undefined {
  let best: { readonly x: number | bigint; readonly digest: string } | undefined;
  const prefix = `${name} `;
  for (const x of numbersIn(low, high)) {
    const digest = hash('sha256', prefix + x, 'hex');
    // Equal lengths of hexadecimal digits compare as the numbers do. Whole digests first: cutting each one costs more.
    if (best && (digest >= best.digest || isTie(digest, best.digest))) continue;
    best = { x, digest };
  }
  return best && { x: BigInt(best.x), hash: BigInt(`0x${best.digest.slice(0, hexDigits)}`) };
}

/** The one with the lesser hash; of equal hashes the lesser x, since parts of a range end in any order. */
export function lesser(a: Hashed | undefined, b: Hashed): Hashed {
  if (!a || b.hash < a.hash) return b;
  return b.hash === a.hash && b.x < a.x ? b : a;
}

function isTie(a: string, b: string): boolean {
  return a.slice(0, hexDigits) === b.slice(0, hexDigits);
}

/** Small numbers as `number`, which is much faster. */
function* numbersIn(low: bigint, high: bigint): Iterable<number | bigint> {
  if (high <= Number.MAX_SAFE_INTEGER) {
    const end = Number(high);
    for (let x = Number(low); x < end; x++) yield x;
  } else {
    for (let x = low; x < high; x++) yield x;
  }
}

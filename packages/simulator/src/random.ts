import type { Random } from '@synod/kernel';

/**
 * Uniform numbers in [0, 1) with 53 random bits, the same ones for the same `seed` and `stream`. Each part of a
 * simulation draws from a stream of its own, so that a change in one does not shift the draws of the others.
 *
 * The generator is xoshiro128** (Blackman and Vigna, *Scrambled Linear Pseudorandom Number Generators*, 2021). Its
 * state comes from SplitMix32, as its authors advise, which starts at the FNV-1a hash of seed and stream.
 */
export function seededRandom(seed: number, stream = ''): Random {
  const fill = splitMix32(fnv1a(`${seed}/${stream}`));
  const next = xoshiro128(fill(), fill(), fill(), fill());
  return () => ((next() >>> 5) * 0x4000000 + (next() >>> 6)) / 2 ** 53;
}

/** The bare generator: 32 random bits a call. */
export function xoshiro128(s0: number, s1: number, s2: number, s3: number): () => number {
  return () => {
    const scrambled = Math.imul(rotate(Math.imul(s1, 5), 7), 9) >>> 0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = rotate(s3, 11);
    return scrambled;
  };
}

/** A closed range to draw from: `[least, most]`. */
export type Range = readonly [least: number, most: number];

export function drawFrom(random: Random, [least, most]: Range): number {
  return least + random() * (most - least);
}

/** A whole number from 0 to `count - 1`. */
export function drawIndex(random: Random, count: number): number {
  return Math.floor(random() * count);
}

function rotate(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by));
}

function splitMix32(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  };
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

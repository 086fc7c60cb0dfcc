import type { Random } from '@synod/kernel';

/** Makes values of so many bytes, no two alike as far as so many bytes allow. */
export function valuesOf(bytes: number, random: Random): () => Uint8Array {
  const first = Math.floor(random() * 2 ** 40);
  let count = 0;
  return () => {
    const value = Buffer.allocUnsafe(bytes);
    for (let rest = first + count++, at = 0; at < bytes; rest = Math.floor(rest / 256)) value[at++] = rest % 256;
    return value;
  };
}

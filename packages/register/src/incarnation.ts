import type { Random } from '@synod/kernel';

/** 64 random bits as 16 hexadecimal digits: names one life of a node, or one life of its disk. */
export type Incarnation = string;

export function newIncarnation(random: Random): Incarnation {
  const half = (): string =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return half() + half();
}

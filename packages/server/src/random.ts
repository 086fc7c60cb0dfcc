import { randomInt } from 'node:crypto';
import type { Random } from '@synod/kernel';

/** Uniform in [0, 1), from the system's own source: no two servers may draw the same. */
export const systemRandom: Random = () => randomInt(2 ** 47) / 2 ** 47;

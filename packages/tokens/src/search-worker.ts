import { argMin, type Hashed } from './arg-min.js';

/** One part of a search. */
export interface SearchTask {
  readonly name: string;
  readonly low: bigint;
  readonly high: bigint;
}

/** What a thread of the pool runs. */
export default function searchPart({ name, low, high }: SearchTask): Hashed | undefined {
  return argMin(name, low, high);
}

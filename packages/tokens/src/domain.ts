import { SynodError } from '@synod/kernel';
import { checkUint64, parseUint64 } from './uint64.js';

/** The numbers a token searches: partial over [low, mid), final over [low, high). low <= mid < high, uint64. */
export interface Domain {
  readonly low: bigint;
  readonly mid: bigint;
  readonly high: bigint;
}

/** Throws `invalid_argument` that names what is wrong first. */
export function checkDomain({ low, mid, high }: Domain): void {
  checkUint64(low, 'low');
  checkUint64(mid, 'mid');
  checkUint64(high, 'high');
  if (low > mid) throw new SynodError('invalid_argument', `domain: low > mid (${low} > ${mid}): low <= mid < high`);
  if (mid >= high)
    throw new SynodError('invalid_argument', `domain: mid >= high (${mid} >= ${high}): low <= mid < high`);
}

/** Reads three decimal texts as a domain. Throws `invalid_argument` that names what is wrong first. */
export function parseDomain(low: string, mid: string, high: string): Domain {
  const domain = { low: parseUint64(low, 'low'), mid: parseUint64(mid, 'mid'), high: parseUint64(high, 'high') };
  checkDomain(domain);
  return domain;
}

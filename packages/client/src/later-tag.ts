import { compareNatural } from '@synod/kernel';
import type { Tag } from '@synod/register';

/** Whether `tag` is of a later write than `than`; undefined, of a register that was never written, is before all. */
export function isLater(tag: Tag | undefined, than: Tag | undefined): boolean {
  if (!tag || !than) return tag !== undefined;
  return tag[0] === than[0] ? compareNatural(tag[1], than[1]) > 0 : tag[0] > than[0];
}

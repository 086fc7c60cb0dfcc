import type { Tag } from '@synod/client';

/** What one node holds of one register. */
export interface NodeCell {
  readonly key: string;
  /** The token that is kept in it, if it is one. */
  readonly token: string | undefined;
  /** When it was written. */
  readonly tag: Tag;
  /** For people; undefined: it was deleted. */
  readonly value: string | undefined;
}

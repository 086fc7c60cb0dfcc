import type { HeightRange, LedgerBlock } from '@synod/ledger';

/**
 * Heights up to `height` of which a server told no block: a snapshot let it skip them, and it has not filled them in
 * yet. `blocks`: all it told, in order; what it fills in meanwhile it fills in from above.
 */
export function missingBlocks(blocks: readonly Pick<LedgerBlock, 'height'>[], height: number): HeightRange | undefined {
  const above = blocks.find((block, i) => block.height !== i + 1);
  const from = (above ? blocks.indexOf(above) : blocks.length) + 1;
  const to = above ? above.height - 1 : height;
  return from <= to ? { from, to } : undefined;
}

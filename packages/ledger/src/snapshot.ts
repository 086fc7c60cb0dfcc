import { ByteReader, ByteWriter } from '@synod/kernel';
import type { AccountId } from './transfer.js';

/*
 * What all blocks so far amount to, for a server that is far behind: the committed balances. Nothing else follows from
 * blocks: queues, logs and outcomes are each home's own.
 */

export function writeBalances(balances: ReadonlyMap<AccountId, bigint>): Uint8Array {
  const writer = new ByteWriter(16 + balances.size * 32).number(balances.size);
  for (const [account, balance] of balances) writer.text(account).uint64(balance);
  return writer.finish();
}

/** Throws `SynodError` `corrupt` if the bytes make no sense. */
export function readBalances(bytes: Uint8Array): ReadonlyMap<AccountId, bigint> {
  const reader = new ByteReader(bytes);
  const balances = new Map<AccountId, bigint>();
  for (let left = reader.number(); left > 0; left--) balances.set(reader.text(), reader.uint64());
  reader.done();
  return balances;
}

import { expect, test } from '@jest/globals';
import { SimulatedBank } from './simulation/simulated-bank.js';
import type { Durability, Transfer } from './transfer.js';

const how = { type: 'transfer', short: 'queue', gather: undefined } as const;

/** S3 has executed 30 in a block and 40 beyond, and is replaced. */
function replaced(): { bank: SimulatedBank; pay: (transfer: Transfer, durability?: Durability) => string } {
  const bank = new SimulatedBank({ servers: ['S1', 'S2', 'S3'], replacements: ['S3'] });
  const pay = (transfer: Transfer, durability: Durability = 'local'): string => {
    const { outcome } = bank.ask(transfer.from, { ...how, transfer, durability }, 'outcome');
    return `${outcome.status} ${outcome.sequence}`;
  };
  pay({ id: 'kept', from: 'S3', to: 'S1', amount: 30n }, 'committed');
  pay({ id: 'lost', from: 'S3', to: 'S1', amount: 40n });
  let isDone = false;
  bank.replace('S3', { cutOff: false, rebootMs: 500 }, () => (isDone = true));
  bank.simulation.runUntil(() => isDone, { within: 20_000 });
  bank.simulation.run({ for: 3000 });
  return { bank, pay };
}

test('what a block holds of a replaced home is not executed again, what none holds is', () => {
  const { bank, pay } = replaced();
  expect(pay({ id: 'kept', from: 'S3', to: 'S1', amount: 30n })).toBe('consensus 1');
  expect(pay({ id: 'lost', from: 'S3', to: 'S1', amount: 40n })).toBe('local 2');
  expect(bank.ask('S3', { type: 'balance', account: 'S3' }, 'balance').balance.spendable).toBe(30n);
  bank.settle(10_000);
});

test('asked again, a replacement is answered as before; another of the same server is a change of its own', () => {
  const { bank } = replaced();
  const status = bank.ask('S3', { type: 'status' }, 'status').status;
  const change = { server: 'S3', disk: status.disk, address: bank.nodeOf('S3') };
  expect(bank.ask('S1', { type: 'replace', change }, 'replaced')).toMatchObject({ sequence: 1 });
  const stranger = { ...change, server: 'S7' };
  const { error } = bank.ask('S1', { type: 'replace', change: stranger }, 'error');
  expect(error.code).toBe('unknown_server');
});

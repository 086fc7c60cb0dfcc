import { describe, expect, test } from '@jest/globals';
import type { TransferCommand, TransferOutcome } from './protocol.js';
import { transfer } from './testing/lone-home.js';
import { SimulatedBank } from './simulation/simulated-bank.js';
import type { ShortPolicy } from './transfer.js';

const ids = Array.from({ length: 50 }, (_, i) => `t${i}`);

/** Fifty callers each ask S1 to move its whole balance; returns who was told what so far. */
function askForAll(bank: SimulatedBank, short: ShortPolicy): Map<string, TransferOutcome> {
  const told = new Map<string, TransferOutcome>();
  for (const [i, id] of ids.entries()) {
    bank.simulation.invoke(
      'S1',
      {
        type: 'transfer',
        transfer: transfer(id, `100 to S${2 + (i % 4)}`),
        short,
        durability: 'local',
        gather: undefined,
      },
      (result) => result.type === 'outcome' && told.set(id, result.outcome),
    );
  }
  return told;
}

const statuses = (told: Map<string, TransferOutcome>): string[] => ids.map((id) => told.get(id)!.status);

describe.each(['queue', 'reject'] as const)('fifty transfers of the whole balance, %s, and a crash', (short) => {
  test('after the answers: all are told the same again', () => {
    const bank = new SimulatedBank();
    const told = askForAll(bank, short);
    bank.simulation.runUntil(() => told.size === 50, { within: 3000 });
    bank.simulation.crash('S1');
    bank.simulation.restart('S1');
    const again = askForAll(bank, short);
    bank.simulation.runUntil(() => again.size === 50, { within: 3000 });
    const otherwise = short === 'queue' ? 'pending' : 'rejected';
    expect(statuses(told)).toEqual(['local', ...ids.slice(1).map(() => otherwise)]);
    expect(statuses(again)).toEqual(statuses(told));
    bank.settle(60_000);
  });

  test.each(['before-write', 'after-write', 'after-release'] as const)(
    'at any step of the way, %s: exactly one is executed in the end, and nobody is contradicted',
    (point) => {
      for (let skip = 0; skip < 6; skip++) {
        const bank = new SimulatedBank({ seed: skip });
        bank.simulation.crashAt('S1', point, { skip });
        const told = askForAll(bank, short);
        bank.simulation.run({ for: 4000 });
        if (!bank.simulation.isUp('S1')) bank.simulation.restart('S1');
        const again = askForAll(bank, short);
        bank.simulation.runUntil(() => again.size === 50, { within: 3000 });
        for (const [id, { status, sequence }] of told) expect(again.get(id)).toMatchObject({ status, sequence });
        expect([...again.values()].filter(({ sequence }) => sequence > 0)).toHaveLength(1);
        bank.settle(60_000);
      }
    },
  );
});

describe('without a majority', () => {
  const others = ['S3', 'S4', 'S5'];
  type Fault = (simulation: SimulatedBank['simulation'], other: string) => void;
  test.each<[string, Fault, number]>([
    ['cut off', (simulation) => simulation.partition([['S1', 'S2'], others]), 3000],
    ['unheard', (simulation, other) => simulation.cut('S1', other), 3000],
    ['deaf', (simulation, other) => simulation.cut(other, 'S1'), 3000],
    ['among the dead', (simulation, other) => simulation.crash(other), 3000],
    // No connection comes up when these wake: only its own next round tells.
    ['among the paused', (simulation, other) => simulation.pause(other), 13_000],
  ])('a server %s answers everybody within 3 s, and pays when the majority is back', (_, fault, within) => {
    const bank = new SimulatedBank();
    bank.ask('S2', command('money', '50 to S1', 'S2'), 'outcome');
    for (const other of others) fault(bank.simulation, other);
    const answers: [string, number][] = [];
    for (const [i, short] of (['queue', 'reject', 'queue'] as const).entries()) {
      bank.simulation.after(i * 700, () => {
        const asked = bank.simulation.now;
        bank.simulation.invoke('S1', { ...command(`t${i}`, '150 to S3'), short }, (result) => {
          if (result.type === 'outcome') answers.push([result.outcome.status, bank.simulation.now - asked]);
        });
      });
    }
    bank.simulation.runUntil(() => answers.length === 3, { within: 6000 });
    expect(answers.map(([status]) => status)).toEqual(['pending', 'rejected', 'pending']);
    expect(Math.max(...answers.map(([, ms]) => ms))).toBeLessThan(3000);
    bank.simulation.run({ for: 60_000 }); // the waits between its rounds grow
    bank.simulation.calm();
    bank.simulation.run({ for: within });
    expect(bank.ask('S1', command('t0', '150 to S3'), 'outcome').outcome.status).toBe('consensus');
    bank.settle(20_000);
  });
});

function command(id: string, what: string, from = 'S1'): TransferCommand {
  return {
    type: 'transfer',
    transfer: transfer(id, what, from),
    short: 'queue',
    durability: 'local',
    gather: undefined,
  };
}

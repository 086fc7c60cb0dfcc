import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { StandInOperator } from '../testing/stand-in-operator.js';
import { commands } from './commands.js';

let standIn: StandInOperator;
beforeEach(() => {
  standIn = new StandInOperator();
});
afterEach(() => standIn.close());

const forecast = (line: string) => {
  const { ok, text } = standIn.interpreter.forecast(line);
  return `${ok ? '✓' : '✗'} ${text}`;
};
const take = async (line: string) => {
  const lines: string[] = [];
  const taken = await standIn.interpreter.take(line, (...more) => lines.push(...more));
  return `${taken}: ${lines.join('\n')}`;
};

describe('what a line would do now', () => {
  const lines: readonly (readonly [line: string, text: string])[] = [
    ['1 S1', '✓ shows the spendable balance of S1 as S1 knows it'],
    ['PrintBalance all', '✓ shows all spendable balances as S1, S2, S3 know them'],
    ['PrintLog S2', '✓ shows the local log of S2, and what is pending'],
    ['PrintDB all', '✓ shows the committed blocks of S1, S2, S3'],
    ['Performance R1', '✓ shows what R1 measured: RPC methods, and requests'],
    ['NextIteration', '✓ plays set 1 of 2: 2 transfers, live S1 S2 S3'],
    ['6 S2', '✓ kills the process of S2 (SIGKILL)'],
    ['CrashServer R2', '✓ kills the process of R2 (SIGKILL)'],
    ['BalanceMap S3', '✓ shows every account as S3 knows it'],
    ['BalanceMap all', '✓ shows every account as each server knows it'],
    ['BalanceMap account:S3', '✓ shows account S3 on every server, and the aggregate'],
    ['RestartServer S1', '✗ S1 runs already'],
    ['Disconnect S3', '✓ cuts the links of S3 to S1, S2 until Connect S3 or the next set'],
    ['Disconnect R1', '✓ cuts the links of R1 to R2 until Connect R1'],
    ['Connect S3', '✓ links S3 to S1, S2'],
    ['Connect R1', '✓ allows R1 all its links'],
    ['Tokens', '✓ shows 1 token, and what each replica holds by itself'],
    ['ReadToken 101', '✓ reads token 101 at a majority of R1, R2'],
    ['WriteToken 101 abc 1 5 25', '✓ writes "abc" [1, 5, 25) to token 101, at R1'],
    ['CreateToken 101', '✓ creates token 101 anew, at R1'],
    ['DropToken 101', '✓ drops token 101, at R1: its name and state are gone'],
    ['Silence R2 101', '✓ R2 sends nothing more about token 101'],
    ['Silence R2', '✓ R2 sends nothing more to anybody'],
    ['Unsilence R2 101', '✓ lifts the silence of R2 about token 101'],
    ['Unsilence R2', '✓ lifts all silences of R2'],
    ['help', '✓ tells every command'],
    ['quit', '✓ leaves, and stops what was started here'],
    ['', '✓ '],
  ];

  test.each(lines)('%s', (line, text) => {
    expect(forecast(line)).toBe(text);
  });

  test('is said of every command', () => {
    const names = new Set(lines.map(([line]) => line.split(' ')[0]));
    expect(commands.filter(({ name, number }) => !names.has(name) && !names.has(String(number)))).toEqual([]);
  });

  test.each([
    ['PrintLog S9', 'there is no ledger server "S9": S1, S2, S3, or all'],
    ['Silence', 'usage: Silence <server> [token] (R1, R2; 101)'],
    ['WriteToken 101 abc 5 1 25', 'domain: low > mid (5 > 1): low <= mid < high'],
  ])('%s is wrong', (line, why) => {
    expect(forecast(line)).toBe(`✗ ${why}`);
  });

  test('what is known of those that are down is said', () => {
    standIn.ledger.down.add('S2');
    standIn.registers.down.add('R1');
    expect(forecast('NextIteration')).toBe('✓ plays set 1 of 2: 2 transfers, live S1 S2 S3; S2 not answering');
    expect(forecast('CrashServer S2')).toBe('✗ S2 has crashed: RestartServer S2 starts it again');
    expect(forecast('CrashServer S1')).toBe('✓ kills the process of S1 (SIGKILL): 1 of 3 are left, no majority');
    expect(forecast('RestartServer S2')).toBe('✓ starts S2 again on its data');
    expect(forecast('Disconnect S2')).toBe('✗ S2 has crashed: RestartServer S2 starts it again');
    expect(forecast('Connect S3')).toBe('✓ links S3 to S1');
    expect(forecast('DropToken 101')).toBe(
      '✗ only R1 changes token 101: R1 has crashed: RestartServer R1 starts it again',
    );
  });
});

test('what changes links is done one at a time; the process of a server can be killed meanwhile', async () => {
  let stand = (): void => {};
  standIn.ledger.linking = new Promise((resolve) => (stand = resolve));
  const cut = take('Disconnect S3');
  const refusal = 'the links of S3 are being cut: NextIteration can begin when that is done';
  expect(forecast('NextIteration')).toBe(`✗ ${refusal}`);
  expect(await take('NextIteration')).toBe(`failed: ${refusal}`);
  expect(await take('Connect S3')).toBe('failed: the links of S3 are being cut: Connect can begin when that is done');
  expect(forecast('6 S1')).toBe('✓ kills the process of S1 (SIGKILL), while the links of S3 are being cut');
  expect(await take('6 S1')).toMatch(/^done: S1 is killed/);
  stand();
  expect(await cut).toBe('done: S3 is cut off from S1, S2, until Connect S3 or the next set.');
  expect(forecast('Disconnect S3')).toBe('✓ S3 has no links: nothing changes');
});

test('a set is played once at a time, and its failure lets the next one begin', async () => {
  let fail: (error: SynodError) => void = () => {};
  standIn.ledger.linking = new Promise((_, reject) => (fail = reject));
  const playing = take('NextIteration');
  expect(await take('5')).toBe('failed: set 1 is being played: NextIteration can begin when that is done');
  expect(await take('Disconnect S1')).toBe('failed: set 1 is being played: Disconnect can begin when that is done');
  expect(forecast('PrintLog S1')).toBe('✓ shows the local log of S1, and what is pending');
  fail(new SynodError('unavailable', 'S3 did not link up in 10 s'));
  expect(await playing).toBe('failed: S3 did not link up in 10 s');
  expect(forecast('NextIteration')).toBe('✓ plays set 2 of 2: 1 transfer, live S1 S2');
});

describe('on servers that were started elsewhere', () => {
  beforeEach(() => {
    standIn.close();
    standIn = new StandInOperator({ isElsewhere: true });
  });

  test.each([
    ['CrashServer S2', 'S2 was started elsewhere: kill its process there'],
    ['RestartServer R1', 'R1 was started elsewhere: start its process there'],
    ['NextIteration', 'there is no file to play: give one, as in synod tui --connect … FILE'],
  ])('%s can not be used, and why', async (line, why) => {
    expect(forecast(line)).toBe(`✗ ${why}`);
    expect(await take(line)).toBe(`failed: ${why}`);
  });

  test('one that does not answer is out of reach', async () => {
    standIn.ledger.down.add('S2');
    const why = 'S2 does not answer; it was started elsewhere: start it there';
    expect(await take('Disconnect S2')).toBe(`failed: ${why}`);
    expect(forecast('Disconnect S1')).toBe('✓ cuts the links of S1 to S2, S3 until Connect S1');
    expect(await take('PrintLog S2')).toBe('done: S2 does not answer, and its data is not on this machine');
    expect(await take('Performance S2')).toBe('done: S2 does not answer, and its data is not on this machine');
  });

  test('one that refuses faults can not be silenced', async () => {
    standIn.registers.refusing.add('R1');
    expect(await take('Silence R1')).toBe('failed: R1 was started without --allow-faults');
    expect(forecast('Silence R2')).toBe('✓ R2 sends nothing more to anybody');
  });
});

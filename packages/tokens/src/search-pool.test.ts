import { afterAll, describe, expect, test } from '@jest/globals';
import { argMin, SearchPool } from './index.js';
import { golden } from './testing/golden.js';

const pool = new SearchPool({ threads: 2, maxRange: 2n ** 40n });
afterAll(() => pool.close());

const cancelled = expect.objectContaining({ code: 'cancelled', definite: true }) as unknown as Error;

test.each(golden)('%s [%d, %d) → %d, %d', async (name, low, high, x, hash) => {
  expect(await pool.argMin(name, low, high)).toEqual({ x, hash });
});

test.each([0n, 2n ** 53n - 120_000n, 2n ** 64n - 250_001n])('in parts and in one piece alike, from %d', async (low) => {
  expect(await pool.argMin('abc', low, low + 250_000n)).toEqual(argMin('abc', low, low + 250_000n));
});

test('an empty range has none', async () => {
  expect(await pool.argMin('abc', 5n, 5n)).toBeUndefined();
});

test('the event loop goes on while a search runs', async () => {
  let turns = 0;
  let ended = false;
  const turn = () => {
    turns++;
    if (!ended) setImmediate(turn);
  };
  turn();
  await pool.argMin('abc', 0n, 500_000n);
  ended = true;
  expect(turns).toBeGreaterThan(10);
});

describe('is cancelled', () => {
  test('when its caller goes away, at once, though it would take years', async () => {
    const caller = new AbortController();
    const search = pool.argMin('abc', 0n, 2n ** 40n, { signal: caller.signal });
    setImmediate(() => caller.abort());
    await expect(search).rejects.toEqual(cancelled);
    expect(await pool.argMin('abc', 10n, 20_000n)).toEqual(argMin('abc', 10n, 20_000n));
  });

  test('before it begins', async () => {
    await expect(pool.argMin('abc', 1n, 5n, { signal: AbortSignal.abort() })).rejects.toEqual(cancelled);
  });

  test('when the pool is closed; and nothing begins after that', async () => {
    const other = new SearchPool({ threads: 1, maxRange: 2n ** 40n });
    const search = expect(other.argMin('abc', 0n, 2n ** 40n)).rejects.toEqual(cancelled);
    await other.close();
    await search;
    await expect(other.argMin('abc', 1n, 5n)).rejects.toEqual(cancelled);
  });
});

test('a range beyond the bound is refused, naming it', async () => {
  const other = new SearchPool({ maxRange: 1000n });
  expect(await other.argMin('abc', 0n, 1000n)).toEqual(argMin('abc', 0n, 1000n));
  await expect(other.argMin('abc', 5n, 1006n)).rejects.toEqual(
    expect.objectContaining({
      code: 'invalid_argument',
      message: 'domain: [5, 1006) has 1001 numbers: the range bound is 1000',
    }),
  );
  await other.close();
});

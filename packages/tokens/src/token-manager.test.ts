import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { MemoryRegisters, SearchPool, TokenManager, type TokenScheme } from './index.js';

const [writer, reader, stranger] = ['a:1', 'b:1', 'c:1'] as const;
const scheme: TokenScheme = {
  tokens: [
    { id: '10', writer, replicas: [writer, reader], initial: undefined },
    { id: '__proto__', writer, replicas: [writer, reader], initial: undefined },
    { id: '9', writer: reader, replicas: [writer, reader], initial: undefined },
    { id: 'other', writer: stranger, replicas: [stranger], initial: undefined },
    {
      id: 'given',
      writer,
      replicas: [writer, reader],
      initial: { name: 'abc', domain: { low: 1n, mid: 5n, high: 25n } },
    },
  ],
  nodes: [writer, reader, stranger],
};
const domain = { low: 1n, mid: 5n, high: 25n };
const partial = { x: 4n, hash: 2207634929195471568n };
const final = { x: 15n, hash: 902613196918738813n };

/** Registers that record what is asked of them, and wait or fail on request. */
class WatchedRegisters extends MemoryRegisters {
  readonly asked: string[] = [];
  gate: Promise<void> = Promise.resolve();
  failure: SynodError | undefined;
  /** Deletes happen, but nobody learns of it. */
  losesAnswers = false;

  override async read(key: string) {
    await this.#pass('read', key);
    return super.read(key);
  }
  override async write(key: string, value: Uint8Array) {
    await this.#pass('write', key);
    return super.write(key, value);
  }
  override async delete(key: string) {
    await this.#pass('delete', key);
    const tag = await super.delete(key);
    if (this.losesAnswers) throw new SynodError('no_quorum', 'no majority answered', { definite: false });
    return tag;
  }

  async #pass(what: string, key: string): Promise<void> {
    this.asked.push(`${what} ${key}`);
    await this.gate;
    if (this.failure) throw this.failure;
  }
}

const pool = new SearchPool({ threads: 1, maxRange: 2n ** 40n });
afterAll(() => pool.close());

let registers: WatchedRegisters;
let tokens: TokenManager;
const managerAt = (self: string) => new TokenManager({ self, scheme, registers, pool });
beforeEach(() => {
  registers = new WatchedRegisters('S1');
  tokens = managerAt(writer);
});

const failure = (code: string, message?: string): Error =>
  expect.objectContaining({
    name: 'SynodError',
    code,
    definite: true,
    ...(message && { message }),
  }) as unknown as Error;
const dropped = failure('dropped', 'token "10" was dropped: create it first');

test('a token is written, and read with both states', async () => {
  expect(await tokens.write({ id: '10', name: 'abc', domain })).toEqual({ partial, tag: [1, 'S1'] });
  const token = { id: '10', name: 'abc', domain, partial, final };
  expect(await tokens.read('10')).toEqual({ token, tag: [1, 'S1'] });
  expect(await managerAt(reader).read('10')).toEqual({ token, tag: [1, 'S1'] });
});

test('low = mid: there is no partial state', async () => {
  await tokens.write({ id: '10', name: 'abc', domain: { low: 5n, mid: 5n, high: 25n } });
  expect(await tokens.read('10')).toMatchObject({ token: { partial: undefined, final } });
});

test('what is written last is read, states and all', async () => {
  await tokens.write({ id: '10', name: 'xyz', domain });
  await tokens.read('10');
  await tokens.write({ id: '10', name: 'abc', domain });
  expect(await tokens.read('10')).toMatchObject({ token: { name: 'abc', partial, final } });
});

test('lists the tokens this node holds, in natural order', () => {
  expect(tokens.list()).toEqual(['9', '10', '__proto__', 'given']);
  expect(managerAt(stranger).list()).toEqual(['other']);
});

test('ids that look like properties are tokens like others, and do not touch one another', async () => {
  await tokens.write({ id: '__proto__', name: 'abc', domain });
  expect(await tokens.read('__proto__')).toMatchObject({ token: { id: '__proto__', name: 'abc' } });
  await expect(tokens.read('10')).rejects.toEqual(failure('never_written'));
  await expect(tokens.read('constructor')).rejects.toEqual(failure('unknown_token'));
});

describe('the life of a token:', () => {
  test('it exists from the start, never written', async () => {
    await expect(tokens.read('10')).rejects.toEqual(failure('never_written', 'token "10" was never written'));
    await expect(tokens.create('10')).rejects.toEqual(failure('exists', 'token "10" exists'));
  });

  test('dropped, it is neither read nor written nor dropped', async () => {
    await tokens.write({ id: '10', name: 'abc', domain });
    await tokens.drop('10');
    await expect(tokens.read('10')).rejects.toEqual(dropped);
    await expect(managerAt(reader).read('10')).rejects.toEqual(dropped);
    await expect(tokens.write({ id: '10', name: 'abc', domain })).rejects.toEqual(dropped);
    await expect(tokens.drop('10')).rejects.toEqual(dropped);
  });

  test('created again, it has no name and no domain, and can be written', async () => {
    await tokens.write({ id: '10', name: 'abc', domain });
    await tokens.drop('10');
    expect(await tokens.create('10')).toEqual({ tag: [3, 'S1'] });
    await expect(tokens.read('10')).rejects.toEqual(failure('never_written'));
    await expect(tokens.create('10')).rejects.toEqual(failure('exists'));
    await tokens.write({ id: '10', name: 'abc', domain });
    expect(await tokens.read('10')).toMatchObject({ token: { name: 'abc' } });
  });

  test('one that was never written can be dropped', async () => {
    await tokens.drop('10');
    await expect(tokens.read('10')).rejects.toEqual(dropped);
  });

  test('a writer that starts anew asks the register before it writes', async () => {
    await tokens.drop('10');
    await expect(managerAt(writer).write({ id: '10', name: 'abc', domain })).rejects.toEqual(dropped);
  });
});

describe('who may:', () => {
  test.each([
    ['create', (it: TokenManager) => it.create('10')],
    ['drop', (it: TokenManager) => it.drop('10')],
    ['write', (it: TokenManager) => it.write({ id: '10', name: 'abc', domain })],
  ])('only the writer may %s', async (_, change) => {
    const message = 'token "10" is written, created and dropped at a:1, not at b:1';
    await expect(change(managerAt(reader))).rejects.toEqual(failure('unauthorised', message));
    expect(registers.asked).toEqual([]);
  });

  test('writer and readers may read', async () => {
    const message = 'token "10" is read at a:1, b:1, not at c:1';
    await expect(managerAt(stranger).read('10')).rejects.toEqual(failure('unauthorised', message));
  });

  test('unknown tokens are unknown everywhere', async () => {
    const unknown = failure('unknown_token', 'no token "11" is configured');
    await expect(tokens.create('11')).rejects.toEqual(unknown);
    await expect(managerAt(stranger).read('11')).rejects.toEqual(unknown);
  });
});

describe('is refused before anything is asked:', () => {
  test.each([
    ['an id of a megabyte', { id: 'x'.repeat(2 ** 20), name: 'abc', domain }, 'id: has 1048576 bytes: at most 256'],
    ['a name that is too long', { id: '10', name: 'x'.repeat(1025), domain }, 'name: has 1025 bytes: at most 1024'],
    [
      'a domain that is none',
      { id: '10', name: 'abc', domain: { ...domain, mid: 0n } },
      'domain: low > mid (1 > 0): low <= mid < high',
    ],
    [
      'a range that is too long, though its first part is not',
      { id: '10', name: 'abc', domain: { low: 0n, mid: 1n, high: 2n ** 41n } },
      'domain: [0, 2199023255552) has 2199023255552 numbers: the range bound is 1099511627776',
    ],
  ])('%s', async (_, token, message) => {
    await expect(tokens.write(token)).rejects.toEqual(failure('invalid_argument', message));
    expect(registers.asked).toEqual([]);
  });
});

describe('one at a time:', () => {
  test('changes of a token wait for one another, in order of arrival; other tokens do not wait', async () => {
    let open = () => {};
    registers.gate = new Promise((resolve) => (open = resolve));
    const drop = tokens.drop('10');
    const create = tokens.create('10');
    const write = tokens.write({ id: '10', name: 'abc', domain });
    const other = tokens.drop('__proto__');
    await new Promise(setImmediate);
    expect(registers.asked).toEqual(['read token/10', 'read token/__proto__']);
    open();
    await Promise.all([drop, create, write, other]);
    expect(registers.asked.filter((it) => it.endsWith('10'))).toEqual([
      'read token/10',
      'delete token/10',
      'read token/10',
      'write token/10',
      'write token/10', // who created it need not ask whether it was dropped
    ]);
  });

  test('a change that fails lets the next one pass, and its error through', async () => {
    registers.failure = new SynodError('no_quorum', 'no majority answered', { definite: false });
    const first = expect(tokens.write({ id: '10', name: 'abc', domain })).rejects.toBe(registers.failure);
    await first;
    registers.failure = undefined;
    expect(await tokens.write({ id: '10', name: 'abc', domain })).toMatchObject({ partial });
  });

  test('after a drop of unknown outcome a write asks again', async () => {
    await tokens.write({ id: '10', name: 'abc', domain });
    registers.losesAnswers = true;
    await expect(tokens.drop('10')).rejects.toMatchObject({ code: 'no_quorum', definite: false });
    registers.asked.length = 0;
    await expect(tokens.write({ id: '10', name: 'abc', domain })).rejects.toEqual(dropped);
    expect(registers.asked).toEqual(['read token/10']);
  });

  test('who has gone while waiting changes nothing', async () => {
    const caller = new AbortController();
    const first = tokens.write({ id: '10', name: 'abc', domain });
    const second = tokens.drop('10', { signal: caller.signal });
    caller.abort();
    await first;
    await expect(second).rejects.toEqual(failure('cancelled'));
    expect(await tokens.read('10')).toMatchObject({ token: { name: 'abc' } });
  });
});

describe('long searches', () => {
  const years = { low: 0n, mid: 2n ** 40n - 1n, high: 2n ** 40n };

  test('a write whose caller goes away stores nothing', async () => {
    const caller = new AbortController();
    const write = tokens.write({ id: '10', name: 'abc', domain: years }, { signal: caller.signal });
    setImmediate(() => caller.abort());
    await expect(write).rejects.toEqual(failure('cancelled'));
    await expect(tokens.read('10')).rejects.toEqual(failure('never_written'));
  });

  test('readers share a search: it goes on while one of them waits, and ends with the last', async () => {
    const searches: { ended: boolean }[] = [];
    const watched: Pick<SearchPool, 'argMin' | 'checkRange'> = {
      checkRange: (low, high) => pool.checkRange(low, high),
      argMin: async (name, low, high, options) => {
        const search = { ended: false };
        searches.push(search);
        return pool.argMin(name, low, high, options).finally(() => (search.ended = true));
      },
    };
    await tokens.write({ id: '10', name: 'abc', domain: { ...years, mid: 0n } });
    const many = new TokenManager({ self: reader, scheme, registers, pool: watched as SearchPool });
    const callers = [new AbortController(), new AbortController()];
    const reads = callers.map(({ signal }) => many.read('10', { signal }).catch((error: unknown) => error));
    await new Promise(setImmediate);
    callers[0]!.abort();
    expect(await reads[0]).toEqual(failure('cancelled'));
    await new Promise(setImmediate);
    expect(searches).toEqual([{ ended: false }]);
    callers[1]!.abort();
    expect(await reads[1]).toEqual(failure('cancelled'));
    await pool.argMin('abc', 0n, 1000n); // the thread is free again
    expect(searches).toEqual([{ ended: true }]);
  });

  test('the final state is computed once, and again for another name', async () => {
    let searches = 0;
    const counted: Pick<SearchPool, 'argMin'> = {
      argMin: (...parameters) => {
        searches++;
        return pool.argMin(...parameters);
      },
    };
    const many = new TokenManager({ self: reader, scheme, registers, pool: counted as SearchPool });
    await tokens.write({ id: '10', name: 'abc', domain });
    await Promise.all([many.read('10'), many.read('10')]);
    await many.read('10');
    expect(searches).toBe(1);
    await tokens.write({ id: '10', name: 'xyz', domain });
    await many.read('10');
    expect(searches).toBe(2);
  });

  test('readers never write', async () => {
    await tokens.write({ id: '10', name: 'abc', domain });
    registers.asked.length = 0;
    await managerAt(reader).read('10');
    expect(registers.asked).toEqual(['read token/10']);
  });
});

describe('initial name and domain', () => {
  test('are written by the writer', async () => {
    await tokens.writeInitial();
    expect(await tokens.read('given')).toMatchObject({ token: { name: 'abc', domain, partial, final } });
    expect(registers.asked.filter((it) => it.startsWith('write'))).toEqual(['write token/given']);
  });

  test('are written where they can be; what could not be is said, and written when it is tried again', async () => {
    class PartlyReached extends MemoryRegisters {
      isAway = true;
      override async read(key: string) {
        if (this.isAway && key === 'token/1') throw new SynodError('no_quorum', 'its replicas are away');
        return super.read(key);
      }
    }
    const reached = new PartlyReached('S1');
    const initial = { name: 'abc', domain };
    const both = { tokens: ['1', '2'].map((id) => ({ id, writer, replicas: [writer], initial })) };
    const manager = new TokenManager({ self: writer, scheme: both, registers: reached, pool });
    await expect(manager.writeInitial()).rejects.toMatchObject({ message: 'its replicas are away' });
    const { tag } = await manager.read('2');
    reached.isAway = false;
    await manager.writeInitial();
    expect(await manager.read('1')).toMatchObject({ token: { id: '1', partial, final } });
    expect((await manager.read('2')).tag).toEqual(tag);
  });

  test('are written by nobody else', async () => {
    await managerAt(reader).writeInitial();
    expect(registers.asked).toEqual([]);
  });

  test.each([
    ['was written', () => tokens.write({ id: 'given', name: 'xyz', domain })],
    ['was dropped', () => tokens.drop('given')],
  ])('are not written where the token %s', async (_, change) => {
    await change();
    registers.asked.length = 0;
    await managerAt(writer).writeInitial();
    expect(registers.asked).toEqual(['read token/given']);
  });
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SynodError } from '@synod/kernel';
import {
  RegisterServiceService as methods,
  type SessionRequest,
  type SessionResponse,
} from '../gen/synod/register/v1/register_service.js';
import { cleanup } from '../testing/cleanup.js';
import { RegisterStand, type StandNode } from '../testing/index.js';
import { RawCalls } from '../testing/raw-calls.js';
import { until } from '../testing/until.js';
import type { OperationOutcome, RegisterOperation } from './operation.js';
import { RegisterConnection, type RegisterSession } from './register-connection.js';

const opened = cleanup(afterEach);
const nodes = ['S1', 'S2', 'S3'];
const registers = [
  { key: 'free/*', writer: 'any', replicas: nodes },
  { key: 'owned', writer: 'S2', replicas: nodes },
];

let stand: RegisterStand;
let s1: StandNode;
let session: RegisterSession;
beforeEach(async () => {
  stand = opened(await RegisterStand.serve({ nodes, registers }));
  s1 = stand.node('S1');
  session = opened(new RegisterConnection(s1.address)).session();
});

function submit(operation: RegisterOperation): Promise<OperationOutcome | SynodError> {
  return new Promise((resolve) => session.submit(operation, resolve));
}

const read = (key: string): RegisterOperation => ({ type: 'read', key });
const write = (key: string, text: string): RegisterOperation => ({ type: 'write', key, value: Buffer.from(text) });

test('a replica tells a client that reads by itself what it holds, or when that was written', async () => {
  const consult = (keys: string[], timestampOnly = false) => submit({ type: 'consult', keys, timestampOnly });
  expect(await consult(['free/a'])).toMatchObject({ replies: [{ timestamp: undefined, replicas: 3 }] });
  await submit(write('free/a', 'first'));
  const timestamp = {
    counter: 1,
    writer: 'S1',
    incarnation: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown as string,
  };
  const whole = {
    ...{ timestamp, value: Buffer.from('first'), replicas: 3 },
    basis: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown as string,
  };
  expect(await consult(['', 'free/a', 'nowhere'])).toEqual({
    type: 'consulted',
    replies: [undefined, whole, undefined],
  });
  expect(await consult(['free/a'], true)).toEqual({ type: 'consulted', replies: [{ ...whole, value: undefined }] });
  await submit({ type: 'delete', key: 'free/a' });
  expect(await consult(['free/a'])).toMatchObject({ replies: [{ timestamp: { counter: 2 }, value: undefined }] });
});

test.each([0, 1_001])('a replica is asked of 1 to 1,000 registers at once, not of %i', async (length) => {
  const keys = Array.from({ length }, (_, i) => `free/${i}`);
  expect(await submit({ type: 'consult', keys, timestampOnly: true })).toMatchObject({
    ...{ code: 'invalid_argument', message: `keys are ${length}: 1 to 1000`, definite: true },
  });
});

test('every operation gets its own answer, whole', async () => {
  await submit(write('free/a', 'first'));
  const results = await Promise.all([
    submit(write('free/b', 'v')),
    submit(read('free/a')),
    submit(read('free/never')),
    submit({ type: 'delete', key: 'free/c' }),
    submit(write('owned', 'v')),
    submit(read('nowhere')),
    submit(read('')),
  ]);
  expect(results).toMatchObject([
    { type: 'written', tag: [1, 'S1'] },
    { type: 'value', value: Buffer.from('first'), tag: [1, 'S1'] },
    { type: 'value', value: undefined, tag: undefined },
    { type: 'written', tag: [1, 'S1'] },
    { code: 'unauthorised', message: 'S1 may not write "owned": ask S2', definite: true },
    { code: 'unknown_key', definite: true },
    { code: 'invalid_argument', message: 'key is empty', definite: true },
  ]);
  await submit(write('free/empty', ''));
  expect(await submit(read('free/empty'))).toEqual({ type: 'value', value: Buffer.alloc(0), tag: [1, 'S1'] });
  expect(await submit(read('free/c'))).toEqual({ type: 'value', value: undefined, tag: [1, 'S1'] });
});

test('what one turn submits travels in one frame, and comes back in one', async () => {
  const raw = opened(new RawCalls(s1.address)).duplex(methods.session);
  const frames: SessionResponse[] = [];
  raw.on('data', (frame: SessionResponse) => frames.push(frame));
  s1.hold();
  const items = Array.from({ length: 500 }, (_, i) => ({
    number: i * 3,
    request: { operation: { $case: 'read' as const, value: { key: `free/${i}` } } },
  }));
  raw.write({ items } satisfies SessionRequest);
  await until(() => s1.heldAnswers === 500);
  const ended = new Promise((resolve) => raw.on('end', resolve));
  s1.release();
  raw.end();
  await ended;
  expect(frames).toHaveLength(1);
  const numbers = frames[0]!.results.map(({ number }) => number);
  expect(numbers.sort((a, b) => a - b)).toEqual(items.map(({ number }) => number));
});

test('what one turn submits through a session arrives in one turn', async () => {
  await submit(read('free/x'));
  const turns = new Set<number>();
  let turn = 0;
  const invoke = s1.invoke.bind(s1);
  s1.invoke = (command, done) => {
    turns.add(turn);
    invoke(command, done);
  };
  let next = setImmediate(function tick() {
    turn++;
    next = setImmediate(tick);
  });
  await Promise.all(Array.from({ length: 400 }, (_, i) => submit(write(`free/${i}`, 'v'))));
  clearImmediate(next);
  expect(turns.size).toBe(1);
});

test('a turn of more than a message may hold travels in several frames', async () => {
  const values = Array.from({ length: 8 }, (_, i) => Buffer.alloc(1024 * 1024, i));
  await Promise.all(values.map((value, i) => submit({ type: 'write', key: `free/${i}`, value })));
  const found = await Promise.all(values.map((_, i) => submit(read(`free/${i}`))));
  for (const [i, outcome] of found.entries()) {
    expect('value' in outcome && values[i]!.equals(outcome.value!)).toBe(true);
  }
});

test('a client that reads no answers is read no more, until it does', async () => {
  const raw = opened(new RawCalls(s1.address)).duplex(methods.session);
  await submit({ type: 'write', key: 'free/big', value: Buffer.alloc(1024 * 1024) });
  const asked = s1.commands.length;
  const ask = (): boolean =>
    raw.write({ items: [{ number: 1, request: { operation: { $case: 'read', value: { key: 'free/big' } } } }] });
  for (let i = 0; i < 200; i++) ask();
  // All that the node is still to do for it is done when others have been served many times.
  for (let i = 0; i < 50; i++) await submit(read('free/x'));
  expect(s1.commands.length - asked - 50).toBeLessThan(100);
  let answers = 0;
  raw.on('data', ({ results }: SessionResponse) => (answers += results.length));
  await until(() => answers === 200);
});

describe('when the session ends', () => {
  test('what was sent may have happened, what was not did not', async () => {
    s1.hold();
    const sent = submit(write('free/a', 'v'));
    await until(() => s1.commands.length === 1);
    await s1.hangUp();
    expect(await sent).toMatchObject({ code: 'unavailable', definite: false });
    expect(await submit(write('free/b', 'v'))).toMatchObject({ code: 'unavailable', definite: true });
  });

  test('a server that closes answers what it has taken', async () => {
    s1.hold();
    const answer = submit(write('free/a', 'v'));
    await until(() => s1.heldAnswers === 1);
    const closed = s1.hangUp(10_000);
    s1.release();
    expect(await answer).toEqual({ type: 'written', tag: [1, 'S1'] });
    await closed;
  });
});

describe('an operation that is withdrawn', () => {
  test('before it is sent never arrives', async () => {
    const submission = session.submit(read('free/a'), () => expect(true).toBe(false));
    expect(submission.withdraw()).toBe(true);
    await submit(read('free/b'));
    expect(s1.commands).toEqual([{ type: 'read', key: 'free/b' }]);
  });

  test('after it is sent is not told, and closing waits for it no more', async () => {
    s1.hold();
    const withdrawn = session.submit(write('free/a', 'v'), () => expect(true).toBe(false));
    const answer = submit(read('free/b'));
    await until(() => s1.heldAnswers === 2);
    expect(withdrawn.withdraw()).toBe(false);
    s1.release();
    expect(await answer).toMatchObject({ type: 'value' });
    // Registers know no way back: the write goes on.
    expect(await submit(read('free/a'))).toMatchObject({ tag: [1, 'S1'] });
  });
});

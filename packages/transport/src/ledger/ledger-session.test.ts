import { Client, credentials } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { TransferCommand } from '@synod/ledger';
import { LedgerServiceService, type SessionResponse } from '../gen/synod/ledger/v1/ledger_service.js';
import { cleanup } from '../testing/cleanup.js';
import { Bank, serveBank } from '../testing/index.js';
import { LedgerConnection, type LedgerSession } from './ledger-connection.js';
import type { TransferResult } from './transfer-wire.js';

const opened = cleanup(afterEach);

function transfer(id: string, amount = 1n): TransferCommand {
  const content = { id, from: 'S1', to: 'S2', amount };
  return { type: 'transfer', transfer: content, short: 'queue', durability: 'local', gather: undefined };
}

function submit(session: LedgerSession, command: TransferCommand): Promise<TransferResult> {
  return new Promise((resolve) => session.submit(command, resolve));
}

async function arrived(bank: Bank, count: number): Promise<void> {
  while (bank.commands.length < count) await new Promise(setImmediate);
}

test('every transfer gets its own answer', async () => {
  const calls = opened(new LedgerConnection(opened(await serveBank(new Bank())).address));
  const session = calls.session();
  const results = await Promise.all([
    submit(session, transfer('a', 60n)),
    submit(session, transfer('b', 60n)),
    submit(session, transfer('a', 60n)),
    submit(session, transfer('a', 61n)),
    submit(session, transfer('c', 0n)),
  ]);
  expect(results).toMatchObject([
    { id: 'a', status: 'local', sequence: 1 },
    { id: 'b', status: 'pending' },
    { id: 'a', status: 'local', sequence: 1 },
    { code: 'id_conflict', definite: true },
    { code: 'invalid_argument', definite: true },
  ]);
});

test('what one turn decides comes back in one frame, in order', async () => {
  const bank = new Bank();
  const client = opened(new Client(opened(await serveBank(bank)).address, credentials.createInsecure()));
  const { path, requestSerialize, responseDeserialize } = LedgerServiceService.session;
  const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  const frames: SessionResponse[] = [];
  call.on('data', (frame: SessionResponse) => frames.push(frame));
  bank.hold();
  const items = Array.from({ length: 500 }, (_, i) => ({
    number: i * 3,
    request: { transfer: transfer(`t-${i}`).transfer, shortPolicy: 0, durability: 0, gatherFrom: [] },
  }));
  call.write({ items });
  await arrived(bank, 500);
  const ended = new Promise((resolve) => call.on('end', resolve));
  bank.release();
  call.end();
  await ended;
  expect(frames).toHaveLength(1);
  expect(frames[0]!.results.map(({ number }) => number)).toEqual(items.map(({ number }) => number));
});

test('what one turn submits travels in one frame', async () => {
  const bank = new Bank();
  const calls = opened(new LedgerConnection(opened(await serveBank(bank)).address));
  const session = calls.session();
  await submit(session, transfer('first'));
  // The server takes a frame in one turn: count the turns in which commands arrived.
  const turns = new Set<number>();
  let turn = 0;
  const invoke = bank.invoke.bind(bank);
  bank.invoke = (command, done) => {
    turns.add(turn);
    invoke(command, done);
  };
  let next = setImmediate(function tick() {
    turn++;
    next = setImmediate(tick);
  });
  await Promise.all(Array.from({ length: 400 }, (_, i) => submit(session, transfer(`t-${i}`))));
  clearImmediate(next);
  expect(bank.commands).toHaveLength(401);
  expect(turns.size).toBe(1);
});

test('a turn of more than a message may hold travels in several frames', async () => {
  const bank = new Bank();
  const calls = opened(new LedgerConnection(opened(await serveBank(bank)).address));
  const session = calls.session();
  const ids = Array.from({ length: 20_000 }, (_, i) => String(i).padStart(100, '-'));
  const results = await Promise.all(ids.map((id) => submit(session, transfer(id))));
  expect(results.map((result) => 'id' in result && result.id)).toEqual(ids);
});

describe('when the session ends', () => {
  test('what was sent may have happened', async () => {
    const bank = new Bank();
    const host = await serveBank(bank);
    const calls = opened(new LedgerConnection(host.address));
    bank.hold();
    const answer = submit(calls.session(), transfer('t'));
    await arrived(bank, 1);
    await host.close(1);
    expect(await answer).toMatchObject({ code: 'unavailable', definite: false });
  });

  test('what was not sent did not happen', async () => {
    const host = await serveBank(new Bank());
    await host.close();
    const calls = opened(new LedgerConnection(host.address));
    const session = calls.session();
    expect(await submit(session, transfer('t'))).toMatchObject({ code: 'unavailable', definite: true });
    expect(await submit(session, transfer('later'))).toMatchObject({ code: 'unavailable', definite: true });
  });

  test('a server of another cluster says so', async () => {
    const host = opened(await serveBank(new Bank(), { cluster: 'blue' }));
    const calls = opened(new LedgerConnection(host.address, { cluster: 'green' }));
    expect(await submit(calls.session(), transfer('t'))).toMatchObject({ code: 'refused', definite: true });
  });

  test('closing it waits for the answers that are due', async () => {
    const bank = new Bank();
    const host = opened(await serveBank(bank));
    const calls = opened(new LedgerConnection(host.address));
    bank.hold();
    const over = new Promise<void>((resolve) => {
      const session = calls.session({ onEnd: resolve });
      session.submit(transfer('t'), (result) => expect(result).toMatchObject({ id: 't', status: 'local' }));
      session.close();
      expect.assertions(2);
      session.submit(transfer('late'), (result) => expect(result).toMatchObject({ code: 'unavailable' }));
    });
    await arrived(bank, 1);
    bank.release();
    await over;
  });

  test('a server that closes answers what it has taken', async () => {
    const bank = new Bank();
    const host = await serveBank(bank);
    const calls = opened(new LedgerConnection(host.address));
    bank.hold();
    const answer = submit(calls.session(), transfer('t'));
    await arrived(bank, 1);
    const closed = host.close(5_000);
    bank.release();
    expect(await answer).toMatchObject({ id: 't', status: 'local' });
    await closed;
  });
});

describe('a transfer that is withdrawn', () => {
  test('before it is sent never arrives', async () => {
    const bank = new Bank();
    const calls = opened(new LedgerConnection(opened(await serveBank(bank)).address));
    const session = calls.session();
    const answers: TransferResult[] = [];
    const withdrawn = session.submit(transfer('t'), (answer) => answers.push(answer));
    expect(withdrawn.withdraw()).toBe(true);
    await submit(session, transfer('other'));
    expect(answers).toEqual([]);
    expect(bank.commands).toMatchObject([{ transfer: { id: 'other' } }]);
  });

  test('after it is sent is unknown', async () => {
    const bank = new Bank();
    const calls = opened(new LedgerConnection(opened(await serveBank(bank)).address));
    const session = calls.session();
    bank.hold();
    const answers: TransferResult[] = [];
    const withdrawn = session.submit(transfer('t'), (answer) => answers.push(answer));
    await arrived(bank, 1);
    expect(withdrawn.withdraw()).toBe(false);
    bank.release();
    await submit(session, transfer('other'));
    expect(answers).toEqual([]);
  });
});

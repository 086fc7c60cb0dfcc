import { afterEach, describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import type { Bank } from '@synod/transport/testing';
import type { LedgerClient } from './ledger-client.js';
import type { SynodClient } from './synod-client.js';
import { clusters } from './testing/cluster.js';

const cluster = clusters(afterEach);
const transfer = { id: 't', from: 'S1', to: 'S2', amount: 10n };

async function arrived(bank: Bank, count: number): Promise<void> {
  const transfers = (): number => bank.commands.filter(({ type }) => type === 'transfer').length;
  while (transfers() < count) await new Promise(setImmediate);
}

/** A ledger that knows its homes, so that only transfers meet what a test prepares. */
async function ready({ ledger }: SynodClient): Promise<LedgerClient> {
  await ledger.balance('S1');
  return ledger;
}

describe('a session that is cut', () => {
  test('after the transfer arrived: it is repeated under its id and applied once', async () => {
    const { banks, stop, start, client } = await cluster(2);
    const bank = banks[0]!;
    const ledger = await ready(client());
    bank.hold();
    const answer = ledger.transfer(transfer);
    await arrived(bank, 1);
    await stop(0);
    bank.release();
    await start(0);
    expect(await answer).toMatchObject({ id: 't', status: 'local', sequence: 1 });
    expect(bank.commands.filter(({ type }) => type === 'transfer')).toHaveLength(2);
    expect(bank.log).toHaveLength(1);
  });

  test('with many under way: each is answered, each applied once', async () => {
    const { banks, stop, start, client } = await cluster(2);
    const bank = banks[0]!;
    const ledger = await ready(client());
    bank.hold();
    const many = Array.from({ length: 500 }, (_, i) => ({ id: `t${i}`, from: 'S1', to: 'S1', amount: 1n }));
    const answers = ledger.transferBatch(many);
    await arrived(bank, 500);
    await stop(0);
    bank.release();
    await start(0);
    expect((await answers).map((result) => 'id' in result && result.id)).toEqual(many.map(({ id }) => id));
    expect(new Set(bank.log.map(({ value }) => value.id)).size).toBe(500);
    expect(bank.log).toHaveLength(500);
  });

  test('and never opened again: at the deadline it may have happened', async () => {
    const { banks, stop, client } = await cluster(2);
    const ledger = await ready(client());
    banks[0]!.hold();
    const answer = ledger.transfer(transfer, { timeoutMs: 400 });
    const unknown = expect(answer).rejects.toMatchObject({ code: 'deadline', definite: false });
    await arrived(banks[0]!, 1);
    await stop(0);
    await unknown;
  });

  test('a refusal after that says nothing of the try that was lost, except of what can never be', async () => {
    const { banks, stop, start, client } = await cluster(2);
    const bank = banks[0]!;
    for (const [code, definite] of [
      ['resource_exhausted', false],
      ['id_conflict', true],
    ] as const) {
      bank.refusal = undefined;
      const ledger = await ready(client());
      bank.hold();
      const answer = ledger.transfer({ ...transfer, id: code });
      const refused = expect(answer).rejects.toMatchObject({ code, definite });
      await arrived(bank, bank.commands.filter(({ type }) => type === 'transfer').length + 1);
      await stop(0);
      bank.release();
      bank.refusal = new SynodError(code, 'why');
      await start(0);
      await refused;
      bank.refusal = undefined;
    }
  });
});

describe('a server that is not there', () => {
  test('a transfer waits for it, and is made when it comes', async () => {
    const { banks, stop, start, client } = await cluster(2);
    await stop(0);
    const answer = client().ledger.transfer(transfer);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await start(0);
    expect(await answer).toMatchObject({ status: 'local' });
    expect(banks[0]!.log).toHaveLength(1);
  });

  test('until the deadline: it was never sent, so it did not happen', async () => {
    const { banks, stop, start, client } = await cluster(2);
    await stop(0);
    const { ledger } = client();
    await expect(ledger.transfer(transfer, { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'unavailable',
      definite: true,
    });
    // Nor does it happen later, when the server is back.
    await start(0);
    await ledger.transfer({ ...transfer, id: 'later' });
    expect(banks[0]!.log).toMatchObject([{ value: { id: 'later' } }]);
  });

  test('no server at all: the same', async () => {
    const { stop, client } = await cluster(1);
    await stop(0);
    const { ledger } = client({ timeoutMs: 150 });
    const gone = { code: 'unavailable', definite: true };
    await expect(ledger.transfer(transfer)).rejects.toMatchObject(gone);
    await expect(ledger.balance('S1')).rejects.toMatchObject(gone);
    await expect(ledger.status('S1')).rejects.toMatchObject(gone);
  });

  test('the others answer for it where any will do', async () => {
    const { banks, stop, client } = await cluster(3);
    await stop(0);
    const { ledger } = client();
    expect(await ledger.balanceMap()).toMatchObject({ server: 'S2' });
    expect(await ledger.transfer({ from: 'S3', to: 'S1', amount: 1n })).toMatchObject({ status: 'local' });
    expect(banks[2]!.log).toHaveLength(1);
  });

  test('a named one is reported at once', async () => {
    const { addresses, stop, client } = await cluster(2);
    await stop(1);
    await expect(client().ledger.log(addresses[1]!)).rejects.toMatchObject({
      code: 'unavailable',
      message: `${addresses[1]} cannot be reached`,
    });
  });
});

test('a server that is still starting is asked again', async () => {
  const { banks, client } = await cluster(2);
  const ledger = await ready(client());
  banks[0]!.refusal = new SynodError('not_ready', 'this server is starting');
  const answer = ledger.transfer(transfer);
  await arrived(banks[0]!, 2);
  banks[0]!.refusal = undefined;
  expect(await answer).toMatchObject({ status: 'local' });
});

test('a server without a majority is believed', async () => {
  const { banks, client } = await cluster(2);
  const ledger = await ready(client());
  banks[0]!.refusal = new SynodError('no_quorum', 'only S1 answered', { definite: false });
  await expect(ledger.transfer(transfer)).rejects.toMatchObject({ code: 'no_quorum', definite: false });
});

describe('giving up', () => {
  test('a deadline of zero or less is refused', async () => {
    const { client } = await cluster(1);
    await expect(client().ledger.transfer(transfer, { timeoutMs: 0 })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });

  test('by a signal, before and after the transfer was sent', async () => {
    const { banks, client } = await cluster(2);
    const ledger = await ready(client());
    const given = new AbortController();
    banks[0]!.hold();
    const many = Array.from({ length: 50 }, (_, i) => ({ ...transfer, id: `t${i}` }));
    const answers = ledger.transferBatch(many, { signal: given.signal });
    await arrived(banks[0]!, 50);
    given.abort();
    for (const result of await answers) expect(result).toMatchObject({ code: 'cancelled', definite: false });
    await expect(ledger.transfer(transfer, { signal: given.signal })).rejects.toMatchObject({
      code: 'cancelled',
      definite: true,
    });
  });

  test('by closing the client: every call ends', async () => {
    const { banks, stop, client } = await cluster(2);
    const closing = client();
    const ledger = await ready(closing);
    banks[0]!.hold();
    const sent = expect(ledger.transfer(transfer)).rejects.toMatchObject({ code: 'cancelled', definite: false });
    const reading = expect(ledger.balance('S1')).rejects.toMatchObject({ code: 'cancelled', definite: true });
    await arrived(banks[0]!, 1);
    await stop(1);
    const waiting = expect(ledger.transfer({ from: 'S2', to: 'S1', amount: 1n })).rejects.toMatchObject({
      code: 'cancelled',
      definite: true,
    });
    const trying = expect(ledger.balance('S2')).rejects.toMatchObject({ code: 'cancelled', definite: true });
    closing.close();
    await Promise.all([sent, reading, waiting, trying]);
    await expect(ledger.transfer(transfer)).rejects.toMatchObject({ code: 'cancelled', definite: true });
    await expect(ledger.status('S1')).rejects.toMatchObject({ code: 'cancelled', definite: true });
  });
});

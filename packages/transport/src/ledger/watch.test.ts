import { Client, credentials, type ClientReadableStream } from '@grpc/grpc-js';
import { afterEach, expect, test } from '@jest/globals';
import { LedgerServiceService as methods, type WatchStatusResponse } from '../gen/synod/ledger/v1/ledger_service.js';
import { cleanup } from '../testing/cleanup.js';
import { Bank, serveBank } from '../testing/index.js';
import { until } from '../testing/until.js';
import { LedgerConnection } from './ledger-connection.js';

const opened = cleanup(afterEach);

async function setUp(): Promise<{ bank: Bank; calls: LedgerConnection; address: string }> {
  const bank = new Bank();
  const { address } = opened(await serveBank(bank));
  return { bank, calls: opened(new LedgerConnection(address)), address };
}

function addBlock(bank: Bank): void {
  const value = { id: 't', from: 'S1', to: 'S2', amount: 1n };
  bank.log.push({ owner: 'S1', sequence: bank.blocks.length + 1, value });
  bank.commit();
}

test('status: the current report at once, then one at once after each change of state', async () => {
  const { bank, calls } = await setUp();
  const reports = calls.watchStatus();
  expect(await reports.next()).toEqual({ done: false, value: await bank.report() });
  const before = bank.reports;
  bank.change('figures');
  expect(bank.reports).toBe(before);
  addBlock(bank);
  expect(bank.reports).toBe(before + 1);
  expect((await reports.next()).value).toMatchObject({ status: { height: 1 } });
  await reports.return(undefined);
  await until(() => bank.watchers === 0);
});

test('status: a thousand changes of figures within 100 ms make one report', async () => {
  const { bank, calls } = await setUp();
  const reports = calls.watchStatus();
  await reports.next();
  const before = bank.reports;
  for (let i = 0; i < 1_000; i++) bank.change('figures');
  await reports.next();
  expect(bank.reports).toBe(before + 1);
});

test('status: a slow reader gets the latest, not what it missed', async () => {
  const { bank, address } = await setUp();
  const client = opened(new Client(address, credentials.createInsecure()));
  const { path, requestSerialize, responseDeserialize } = methods.watchStatus;
  const call: ClientReadableStream<WatchStatusResponse> = client.makeServerStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    {},
  );
  const heights: number[] = [];
  call.on('error', () => undefined);
  // A long list of links makes each report so long that what the network buffers holds only a few of them.
  const report = await bank.report();
  bank.report = async () => {
    bank.reports++;
    const connected = Array.from({ length: 100 }, (_, i) => `S${i}`.padStart(100, '-'));
    return { ...report, status: { ...report.status, height: bank.blocks.length, connected } };
  };
  await new Promise((resolve) => call.once('readable', resolve));
  for (let i = 0; i < 2_000; i++) {
    const before = bank.reports;
    addBlock(bank);
    await until(() => bank.reports > before);
  }
  const latest = new Promise<void>((resolve) => {
    call.on('data', ({ report }: WatchStatusResponse) => {
      heights.push(report!.status!.height);
      if (heights.at(-1) === 2_000) resolve();
    });
  });
  await latest;
  call.cancel();
  expect(heights.length).toBeLessThan(400);
  expect(heights).toEqual([...heights].sort((a, b) => a - b));
});

test('status: the signal ends it quietly, the end of the server with an error', async () => {
  const bank = new Bank();
  const host = await serveBank(bank);
  const calls = opened(new LedgerConnection(host.address));
  const signal = new AbortController();
  const quiet = calls.watchStatus({ signal: signal.signal });
  await quiet.next();
  signal.abort();
  expect(await quiet.next()).toEqual({ done: true, value: undefined });
  const loud = calls.watchStatus();
  await loud.next();
  bank.report = () => Promise.reject(new Error('the disk is gone'));
  bank.change('state');
  await expect(loud.next()).rejects.toMatchObject({ code: 'internal', message: 'the disk is gone' });
  await host.close();
});

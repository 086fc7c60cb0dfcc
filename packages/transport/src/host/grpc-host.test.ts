import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { create, createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema, type FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import {
  Client,
  credentials,
  loadPackageDefinition,
  status,
  type ClientReadableStream,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterEach, expect, test } from '@jest/globals';
import { protoPath, service as health } from 'grpc-health-check';
import { LedgerServiceService as ledger } from '../gen/synod/ledger/v1/ledger_service.js';
import { LedgerConnection } from '../ledger/ledger-connection.js';
import { Bank, serveBank } from '../testing/index.js';
import { cleanup } from '../testing/cleanup.js';
import type { GrpcHost } from './grpc-host.js';

const opened = cleanup(afterEach);

function rawClient(host: GrpcHost): Client {
  return opened(new Client(host.address, credentials.createInsecure()));
}

test('an address that is in use is refused by name', async () => {
  const first = opened(await serveBank(new Bank()));
  await expect(serveBank(new Bank(), { address: first.address })).rejects.toMatchObject({
    code: 'config',
    message: `address ${first.address} is already in use`,
  });
});

test.each(['localhost', '127.0.0.1:', '127.0.0.1:65536', ':80'])('%s is no address', async (address) => {
  await expect(serveBank(new Bank(), { address })).rejects.toMatchObject({
    code: 'config',
    message: `address '${address}' is not host:port`,
  });
});

test('health answers for the server and each of its services', async () => {
  const host = opened(await serveBank(new Bank()));
  const client = rawClient(host);
  const check = (service: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = health['Check']!;
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { service }, (error, answer) => {
        if (error) reject(error);
        else resolve(answer);
      });
    });
  expect(await check('')).toEqual({ status: 'SERVING' });
  host.setServing(false);
  expect(await check('synod.ledger.v1.LedgerService')).toEqual({ status: 'NOT_SERVING' });
  await expect(check('nobody')).rejects.toMatchObject({ code: status.NOT_FOUND });
});

test('health is watched as it changes, also of a service that is not there', async () => {
  const host = opened(await serveBank(new Bank()));
  const watch = (service: string): { readonly seen: unknown[]; readonly call: ClientReadableStream<unknown> } => {
    const { path, requestSerialize, responseDeserialize } = health['Watch']!;
    const call = rawClient(host).makeServerStreamRequest(path, requestSerialize, responseDeserialize, { service });
    const seen: unknown[] = [];
    call.on('data', ({ status }: { readonly status: unknown }) => seen.push(status));
    call.on('error', () => {}); // cancelled
    return { seen, call };
  };
  const whole = watch('');
  await once(whole.call, 'data');
  host.setServing(false);
  await once(whole.call, 'data');
  expect(whole.seen).toEqual(['SERVING', 'NOT_SERVING']);
  const nobody = watch('nobody');
  await once(nobody.call, 'data');
  expect(nobody.seen).toEqual(['SERVICE_UNKNOWN']);
  for (const { call } of [whole, nobody]) call.cancel();
});

test('health lists all services', async () => {
  const client = rawClient(opened(await serveBank(new Bank())));
  const { path, requestSerialize, responseDeserialize } = health['List']!;
  const answer = await new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, {}, (error, value) =>
      error ? reject(error) : resolve(value),
    );
  });
  const serving = { status: 'SERVING' };
  expect(answer).toMatchObject({ statuses: { '': serving, 'synod.ledger.v1.LedgerService': serving } });
});

/** Asks the reflection service one thing; the field of the request, and of its answer, by number. */
function reflect(client: Client, field: number, text: string, version = 'v1'): Promise<Buffer> {
  const request = Buffer.from([(field << 3) | 2, text.length, ...Buffer.from(text)]);
  return new Promise((resolve, reject) => {
    const call = client.makeBidiStreamRequest(
      `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
      () => request,
      (bytes) => bytes,
    );
    call.on('data', resolve);
    call.on('error', reject);
    call.write({});
    call.end();
  });
}

/** The payloads of one length-delimited field. */
function field(message: Uint8Array, wanted: number): Uint8Array[] {
  const reader = new BinaryReader(message);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (number === wanted) found.push(reader.bytes());
    else reader.skip(wireType, number);
  }
  return found;
}

test.each(['v1', 'v1alpha'])('reflection %s lists the services', async (version) => {
  const client = rawClient(opened(await serveBank(new Bank())));
  const names = (await reflect(client, 7, '', version)).toString('latin1');
  expect(names).toContain('synod.ledger.v1.LedgerService');
  expect(names).toContain('synod.node.v1.NodeService');
  expect(names).toContain('grpc.health.v1.Health');
});

test.each([
  ['synod.ledger.v1.LedgerService', 'Transfer', 'synod.ledger.v1.TransferRequest'],
  ['synod.node.v1.NodeService', 'Describe', 'synod.node.v1.DescribeRequest'],
  ['grpc.health.v1.Health', 'Check', 'grpc.health.v1.HealthCheckRequest'],
])('reflection describes %s so that a strict client can call it', async (service, method, input) => {
  const client = rawClient(opened(await serveBank(new Bank())));
  const [described] = field(await reflect(client, 4, service), 4); // file_containing_symbol, file_descriptor_response
  const file = field(described!, 1).map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: dependenciesFirst(file) }));
  expect(registry.getService(service)?.methods.find(({ name }) => name === method)?.input.typeName).toBe(input);
});

function dependenciesFirst(files: readonly FileDescriptorProto[]): FileDescriptorProto[] {
  const sorted: FileDescriptorProto[] = [];
  const add = (file: FileDescriptorProto): void => {
    if (sorted.includes(file)) return;
    for (const name of file.dependency) files.filter((other) => other.name === name).forEach(add);
    sorted.push(file);
  };
  files.forEach(add);
  return sorted;
}

test('a foreign client can load the shipped proto files', () => {
  const services = ['ledger', 'register', 'token', 'node', 'admin'];
  const loaded = loadPackageDefinition(
    loadSync([...services.map((name) => `synod/${name}/v1/${name}_service.proto`), protoPath], {
      includeDirs: [fileURLToPath(new URL('../../proto', import.meta.url))],
    }),
  );
  expect(loaded).toMatchObject({ synod: Object.fromEntries(services.map((name) => [name, { v1: {} }])) });
});

test('a message above the limit is refused, and the server goes on', async () => {
  const bank = new Bank();
  const host = opened(await serveBank(bank, { limits: { maxReceiveBytes: 64 * 1024 } }));
  const client = rawClient(host);
  const error = await new Promise<ServiceError | null>((resolve) => {
    const long = { account: 'x'.repeat(65 * 1024) };
    const { path, requestSerialize, responseDeserialize } = ledger.balance;
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, long, resolve);
  });
  expect(error).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  expect(bank.commands).toEqual([]);
  const connection = opened(new LedgerConnection(host.address));
  expect(await connection.balance('S1')).toMatchObject({ spendable: 100n });
});

test('bytes that are no message are refused, and the server goes on', async () => {
  const host = opened(await serveBank(new Bank()));
  const error = await new Promise<ServiceError | null>((resolve) => {
    const { path, responseDeserialize } = ledger.balance;
    rawClient(host).makeUnaryRequest(path, () => Buffer.from([0x0a, 0xff]), responseDeserialize, {}, resolve);
  });
  expect(error).not.toBeNull();
  const connection = opened(new LedgerConnection(host.address));
  expect(await connection.balance('S1')).toMatchObject({ spendable: 100n });
});

test('a client that means another cluster is refused', async () => {
  const host = opened(await serveBank(new Bank(), { cluster: 'blue' }));
  const connect = (cluster?: string): LedgerConnection => opened(new LedgerConnection(host.address, { cluster }));
  await expect(connect('green').balanceMap()).rejects.toMatchObject({
    code: 'refused',
    definite: true,
    message: "this server belongs to cluster 'blue', not to 'green'",
  });
  await expect(connect('blue').balanceMap()).resolves.toMatchObject({ server: 'S1' });
  await expect(connect().balanceMap()).resolves.toMatchObject({ server: 'S1' });
});

test('every call is counted once, failures as such, each transfer of a session by itself', async () => {
  const bank = new Bank();
  const host = opened(await serveBank(bank));
  const connection = opened(new LedgerConnection(host.address));
  await connection.balance('S1');
  await connection.balance('nobody').catch(() => undefined);
  await connection.log();
  const watch = new AbortController();
  for await (const report of connection.watchStatus({ signal: watch.signal })) {
    expect(report.status.server).toBe('S1');
    watch.abort();
  }
  const session = connection.session();
  const transfer = { id: 't', from: 'S1', to: 'S2', amount: 1n };
  await new Promise((resolve) => {
    session.submit({ type: 'transfer', transfer, short: 'queue', durability: 'local', gather: undefined }, resolve);
  });
  session.close();
  await host.close();
  const of = (name: string): boolean[] =>
    bank.calls.filter(({ method }) => method === `synod.ledger.v1.LedgerService/${name}`).map(({ ok }) => ok);
  expect(of('Balance')).toEqual([true, false]);
  expect(of('Log')).toEqual([true]);
  expect(of('WatchStatus')).toEqual([true]);
  expect(of('Session')).toEqual([true]);
});

test('closing ends watches and sessions by itself, and cuts what does not end in time', async () => {
  const bank = new Bank();
  const host = await serveBank(bank);
  const connection = opened(new LedgerConnection(host.address));
  const reports = connection.watchStatus();
  await reports.next();
  bank.hold();
  const stuck = connection.balance('S1');
  const refused = expect(stuck).rejects.toMatchObject({ code: 'unavailable', definite: true });
  const closing = host.close(200);
  expect(await reports.next()).toEqual({ done: true, value: undefined });
  await closing;
  await refused;
  expect(bank.watchers).toBe(0);
});

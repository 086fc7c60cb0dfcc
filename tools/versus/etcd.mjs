// etcd: a cluster of its own, driven through grpc-js, in transactions, or by h2load. All calls go to the leader, which
// spares them a hop.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { closedLoop, keyCount, randomKey, randomValue } from './closed-loop.mjs';
import { grpcBody, h2load } from './h2load.mjs';
import { freePorts, Service, until } from './processes.mjs';

const proto = fileURLToPath(new URL('./etcd-kv.proto', import.meta.url));
const { etcdserverpb } = grpc.loadPackageDefinition(loadSync(proto, { longs: Number, keepCase: true }));

/** As many as etcd takes in one transaction. */
const batch = 128;

export async function measureEtcd({ work, via, servers, inFlight }, { directory, warmUp, seconds }) {
  const cluster = await startEtcd(servers, directory);
  try {
    await fill(cluster.kv);
    const load = { inFlight, warmUp, seconds };
    if (via === 'h2load') return await driveByH2load(cluster.leader, work, load);
    if (via === 'txn')
      return await closedLoop(() => transaction(cluster.kv), { ...load, inFlight: Math.ceil(inFlight / batch) });
    return await closedLoop(work === 'put' ? () => put(cluster.kv) : () => range(cluster.kv), load);
  } finally {
    await cluster.stop();
  }
}

async function startEtcd(count, directory) {
  const ports = await freePorts(2 * count);
  const members = Array.from({ length: count }, (_, i) => ({
    name: `e${i + 1}`,
    client: `127.0.0.1:${ports[2 * i]}`,
    peer: `http://127.0.0.1:${ports[2 * i + 1]}`,
  }));
  const all = members.map(({ name, peer }) => `${name}=${peer}`).join();
  const services = members.map(({ name, client, peer }) => {
    const data = join(directory, name);
    mkdirSync(data, { recursive: true });
    return new Service('etcd', [
      ...['--name', name, '--data-dir', data, '--logger', 'zap', '--log-level', 'error'],
      ...['--listen-client-urls', `http://${client}`, '--advertise-client-urls', `http://${client}`],
      ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer],
      ...['--initial-cluster', all, '--initial-cluster-state', 'new'],
    ]);
  });
  const stop = async () => {
    kv?.close();
    // Asked to end it would hand over its leadership first, for seconds; its data are thrown away.
    await Promise.all(services.map((service) => service.stop('SIGKILL')));
  };
  let kv;
  try {
    let leader;
    const lookForLeader = async () => (leader = await leaderOf(members)) !== undefined;
    await services[0].until(until(lookForLeader, 'etcd has a leader'));
    kv = new etcdserverpb.KV(leader, grpc.credentials.createInsecure());
    return { kv, leader, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function leaderOf(members) {
  for (const { client } of members) {
    const maintenance = new etcdserverpb.Maintenance(client, grpc.credentials.createInsecure());
    try {
      const { header, leader } = await call(maintenance, 'Status', {});
      if (leader !== 0 && header.member_id === leader) return client;
    } finally {
      maintenance.close();
    }
  }
  return undefined;
}

function call(client, method, request) {
  const deadline = Date.now() + 10_000;
  return new Promise((resolve, reject) => {
    client[method](request, { deadline }, (error, response) => (error ? reject(error) : resolve(response)));
  });
}

async function put(kv) {
  const { header } = await call(kv, 'Put', { key: Buffer.from(randomKey()), value: randomValue() });
  if (!(header.revision > 0)) throw new Error('etcd put nothing');
  return 1;
}

async function range(kv) {
  const { kvs } = await call(kv, 'Range', { key: Buffer.from(randomKey()) });
  if (kvs.length !== 1) throw new Error('etcd found nothing');
  return 1;
}

/** A transaction takes each key once. */
async function transaction(kv, keys = distinctKeys()) {
  const success = keys.map((key) => ({ request_put: { key: Buffer.from(key), value: randomValue() } }));
  const { succeeded } = await call(kv, 'Txn', { success });
  if (!succeeded) throw new Error('etcd refused a transaction');
  return keys.length;
}

function distinctKeys() {
  const keys = new Set();
  while (keys.size < batch) keys.add(randomKey());
  return [...keys];
}

/** Every key has a value before it is read. */
async function fill(kv) {
  for (let i = 0; i < keyCount; i += batch) {
    const keys = Array.from({ length: Math.min(batch, keyCount - i) }, (_, j) => `any/${i + j}`);
    await transaction(kv, keys);
  }
}

function driveByH2load(address, work, load) {
  const { Put, Range } = etcdserverpb.KV.service;
  const method = work === 'put' ? Put : Range;
  const bodyOf = (i) => {
    const key = Buffer.from(`any/${i}`);
    return grpcBody(method.requestSerialize(work === 'put' ? { key, value: randomValue() } : { key }));
  };
  return h2load({ targets: [address], path: method.path, bodyOf }, load);
}

// Synod: through `synod bench`, or its unary methods driven by h2load.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { keyCount, randomValue } from './closed-loop.mjs';
import { grpcBody, h2load } from './h2load.mjs';
import { freePorts, run, Service, until } from './processes.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const synod = join(root, 'apps/cli/bin/synod.js');
const server = join(root, 'apps/register-server/bin/synod-register-server.js');

/** `kind`: of which operations the times are; by default of those that were done most. */
export async function measureSynod({ bench, servers, inFlight, rate, kind }, { directory, warmUp, seconds }) {
  const [system, ...flags] = bench;
  const args = [
    'bench',
    system,
    ...flags,
    '--json',
    '--data',
    directory,
    '--in-flight',
    inFlight,
    '--seconds',
    seconds,
  ];
  args.push('--warm-up', warmUp, '--keys', keyCount);
  if (servers !== undefined) args.push('--servers', servers);
  if (rate !== undefined) args.push('--rate', Math.round(rate));
  const printed = await run(process.execPath, [synod, ...args.map(String)]);
  const { perSecond, latencies, failed, notes } = JSON.parse(printed);
  const most = Object.entries(latencies).sort(([, a], [, b]) => b.count - a.count)[0]?.[0];
  const { p50 = NaN, p99 = NaN } = latencies[kind ?? most] ?? {};
  const problems = Object.entries(failed).map(([code, count]) => `${count} ${code}`);
  return { perSecond, p50, p99, notes: [...notes, ...problems] };
}

export async function measureSynodUnary({ work, servers, inFlight }, { directory, warmUp, seconds }) {
  const cluster = await startRegisters(servers, directory);
  try {
    const method = grpcService.service[work === 'put' ? 'Write' : 'Read'];
    const bodyOf = (i) => {
      const key = `any/${i}`;
      return grpcBody(method.requestSerialize(work === 'put' ? { key, value: randomValue() } : { key }));
    };
    const { addresses: targets } = cluster;
    return await h2load({ targets, path: method.path, bodyOf }, { inFlight, warmUp, seconds });
  } finally {
    await cluster.stop();
  }
}

const file = 'synod/register/v1/register_service.proto';
const { RegisterService: grpcService } = grpc.loadPackageDefinition(
  loadSync(file, { includeDirs: [join(root, 'proto')] }),
).synod.register.v1;

async function startRegisters(count, directory) {
  const addresses = (await freePorts(count)).map((port) => `127.0.0.1:${port}`);
  const ids = addresses.map((_, i) => `S${i + 1}`);
  const config = join(directory, 'cluster.yaml');
  const servers = ids.map((id, i) => ({ id, address: addresses[i] }));
  const registers = [{ key: 'any/*', writer: 'any', readers: ids }];
  writeFileSync(config, JSON.stringify({ cluster: 'versus', servers, registers })); // JSON is YAML
  const services = ids.map((id) => {
    const data = join(directory, id);
    mkdirSync(data, { recursive: true });
    return new Service(process.execPath, [server, '--config', config, '--id', id, '--data', data, '--quiet']);
  });
  const stop = () => Promise.all(services.map((service) => service.stop()));
  try {
    for (const [i, address] of addresses.entries()) {
      await services[i].until(until(() => write(address), `${ids[i]} takes part`));
    }
    return { addresses, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Also gives the keys that h2load reads a value. */
async function write(address) {
  const client = new grpcService(address, grpc.credentials.createInsecure());
  try {
    for (let i = 0; i < 8; i++) {
      await new Promise((resolve, reject) => {
        const request = { key: `any/${i}`, value: randomValue() };
        client.Write(request, { deadline: Date.now() + 5000 }, (error) => (error ? reject(error) : resolve()));
      });
    }
    return true;
  } finally {
    client.close();
  }
}

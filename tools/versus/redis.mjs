// Redis: one master, replicas, every write synced to its log, and each write waits for one replica to have it (which may
// not have synced it yet: less than a majority of disks). Connections pipeline some writes and one WAIT for all of them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { closedLoop, randomKey, randomValue } from './closed-loop.mjs';
import { freePorts, Service, until } from './processes.mjs';

/** Writes that one connection has under way. */
const pipelined = 16;

export async function measureRedis({ servers, inFlight }, { directory, warmUp, seconds }) {
  const ports = await freePorts(servers);
  const services = ports.map((port, i) => {
    const data = join(directory, `r${i + 1}`);
    mkdirSync(data, { recursive: true });
    return new Service(
      'redis-server',
      [
        ...['--port', port, '--bind', '127.0.0.1', '--dir', data, '--save', '', '--appendonly', 'yes'],
        ...['--appendfsync', 'always', ...(i > 0 ? ['--replicaof', `127.0.0.1 ${ports[0]}`] : [])],
      ].map(String),
    );
  });
  const connections = [];
  const connect = () => {
    const redis = new Redis(ports[0], '127.0.0.1', { retryStrategy: () => 100, maxRetriesPerRequest: null });
    redis.on('error', () => {}); // until it listens
    connections.push(redis);
    return redis;
  };
  try {
    const first = connect();
    const hasReplicas = async () => (await first.info('replication')).split('state=online').length === servers;
    await services[0].until(until(hasReplicas, 'Redis has its replicas'));
    const size = Math.min(pipelined, inFlight);
    const free = Array.from({ length: Math.ceil(inFlight / size) }, connect);
    const operate = async () => {
      const redis = free.pop();
      const pipeline = redis.pipeline();
      for (let i = 0; i < size; i++) pipeline.set(randomKey(), randomValue());
      const results = await pipeline.wait(1, 0).exec();
      const [error, replicas] = results.at(-1);
      if (error || replicas < 1) throw error ?? new Error('no replica of Redis has it');
      free.push(redis);
      return size;
    };
    return await closedLoop(operate, { inFlight: free.length, warmUp, seconds });
  } finally {
    for (const redis of connections) redis.disconnect();
    await Promise.all(services.map((service) => service.stop()));
  }
}

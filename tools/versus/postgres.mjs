// PostgreSQL: a primary and one synchronous standby, all synced. A transfer is one statement, so one transaction and one
// round trip: it takes the money if it is there, gives it, and keeps the transfer under its id.
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { closedLoop } from './closed-loop.mjs';
import { findProgram, freePorts, postgresFolders, run, Service, until } from './processes.mjs';

const accounts = 1000;
const transfer = `
WITH taken AS (UPDATE accounts SET balance = balance - $4 WHERE id = $2 AND balance >= $4 RETURNING id),
     given AS (UPDATE accounts SET balance = balance + $4 WHERE id = $3 AND EXISTS (SELECT 1 FROM taken))
INSERT INTO transfers SELECT $1, $2, $3, $4 FROM taken`;

export async function measurePostgres({ connections }, { directory, warmUp, seconds }) {
  const cluster = await startPostgres(directory);
  const pool = new pg.Pool({ ...cluster.address, max: connections });
  pool.on('error', () => {}); // one that is idle, when the server ends
  try {
    await pool.query('CREATE TABLE accounts (id int PRIMARY KEY, balance bigint NOT NULL)');
    await pool.query('CREATE TABLE transfers (id text PRIMARY KEY, sender int, receiver int, amount bigint)');
    await pool.query('INSERT INTO accounts SELECT i, 1000000000 FROM generate_series(1, $1::int) i', [accounts]);
    let next = 0;
    let done = 0;
    const operate = async () => {
      const from = 1 + Math.floor(Math.random() * accounts);
      const to = 1 + ((from + Math.floor(Math.random() * (accounts - 1))) % accounts);
      try {
        const { rowCount } = await pool.query({
          name: 'transfer',
          text: transfer,
          values: [`t${next++}`, from, to, 1],
        });
        done += rowCount;
        return rowCount;
      } catch (error) {
        if (error.code === '40P01') return 0; // two transfers, each waiting for the other: one is undone
        throw error;
      }
    };
    const result = await closedLoop(operate, { inFlight: connections, warmUp, seconds });
    const { rows } = await pool.query(
      'SELECT (SELECT count(*) FROM transfers)::int AS kept, (SELECT sum(balance) FROM accounts) AS money',
    );
    if (rows[0].kept !== done || Number(rows[0].money) !== accounts * 1e9) throw new Error('PostgreSQL lost something');
    return result;
  } finally {
    await pool.end();
    await cluster.stop();
  }
}

/** It refuses to run as root: then as its own user. */
async function startPostgres(directory) {
  const as = process.getuid() === 0 ? await idsOf('postgres') : {};
  const program = (name) => findProgram(name, postgresFolders());
  const [primaryPort, standbyPort] = await freePorts(2);
  const [primary, standby] = ['primary', 'standby'].map((name) => join(directory, name));
  if (as.uid !== undefined) {
    chownSync(directory, as.uid, as.gid);
    chmodSync(dirname(directory), 0o755); // it must get through to its own folder
  }
  const options = { ...as, cwd: directory };
  await run(program('initdb'), ['-D', primary, '-U', 'postgres', '-A', 'trust', '--no-sync'], options);
  const settings = [
    `unix_socket_directories = ''`,
    `listen_addresses = '127.0.0.1'`,
    `synchronous_standby_names = '*'`,
    'max_connections = 200',
  ];
  writeFileSync(join(primary, 'postgresql.conf'), `${settings.join('\n')}\n`, { flag: 'a' });
  const services = [new Service(program('postgres'), ['-D', primary, '-p', String(primaryPort)], options)];
  const stop = async () => {
    for (const service of services) await service.stop('SIGINT');
  };
  const address = { host: '127.0.0.1', port: primaryPort, user: 'postgres', database: 'postgres' };
  try {
    await services[0].until(until(() => ask(address, 'SELECT 1'), 'PostgreSQL answers'));
    const from = ['-h', '127.0.0.1', '-p', String(primaryPort), '-U', 'postgres'];
    await run(
      program('pg_basebackup'),
      ['-D', standby, '-R', '-X', 'stream', '--no-sync', '-c', 'fast', ...from],
      options,
    );
    services.push(new Service(program('postgres'), ['-D', standby, '-p', String(standbyPort)], options));
    const isSynchronous = async () =>
      (await ask(address, `SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'`)).rowCount > 0;
    await services[1].until(until(isSynchronous, 'PostgreSQL has its standby'));
    return { address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function idsOf(user) {
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, user])));
  return { uid: Number(uid), gid: Number(gid) };
}

async function ask(address, text) {
  const client = new pg.Client(address);
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

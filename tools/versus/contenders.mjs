// Who takes part, what each needs, and how it is measured.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { measureChecker } from './checker.mjs';
import { measureEtcd } from './etcd.mjs';
import { measureFloor } from './floor.mjs';
import { measurePostgres } from './postgres.mjs';
import { findProgram, postgresFolders } from './processes.mjs';
import { measureRedis } from './redis.mjs';
import { measureSynod, measureSynodUnary } from './synod.mjs';
import { measureUnaryFloor } from './unary-floor.mjs';

const contenders = {
  synod: { measure: measureSynod, needs: [] },
  'synod-unary': { measure: measureSynodUnary, needs: ['h2load', 'setpriv'] },
  etcd: { measure: measureEtcd, needs: ['etcd', 'setpriv'] },
  redis: { measure: measureRedis, needs: ['redis-server', 'setpriv'] },
  postgres: { measure: measurePostgres, needs: ['initdb', 'pg_basebackup', 'postgres', 'setpriv'] },
  floor: { measure: measureFloor, needs: [] },
  'unary-floor': { measure: measureUnaryFloor, needs: ['h2load'] },
  checker: { measure: measureChecker, needs: [] },
  constant: { measure: async ({ perSecond }) => ({ perSecond, p50: NaN, p99: NaN }), needs: [] },
};

/** In which package of Debian a program is. */
const packages = {
  etcd: 'etcd-server',
  h2load: 'nghttp2-client',
  'redis-server': 'redis-server',
  initdb: 'postgresql',
  pg_basebackup: 'postgresql',
  postgres: 'postgresql',
  setpriv: 'util-linux',
};

/** Why it can not take part, and what to do about it; undefined: it can. */
export function whyMissing({ system, via }) {
  const needs = [...contenders[system].needs, ...(via === 'h2load' ? ['h2load'] : [])];
  const missing = needs.filter((name) => findProgram(name, postgresFolders()) === undefined);
  if (missing.length === 0) return undefined;
  const wanted = [...new Set(missing.map((name) => packages[name]))].join(' ');
  return `${missing.join(', ')}: not installed (apt-get install ${wanted})`;
}

/**
 * One run, on new data that is gone when it ends: operations a second, p50 and p99 in milliseconds, notes. `parent`: the
 * folder on the disk that all share.
 */
export async function measure(contender, { parent, warmUp, seconds }) {
  const directory = mkdtempSync(join(parent, `${contender.system}-`));
  try {
    const { notes = [], ...figures } = await contenders[contender.system].measure(contender, {
      directory,
      warmUp,
      seconds,
    });
    return { ...figures, notes };
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

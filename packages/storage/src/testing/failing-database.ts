import type { Database } from '../database.js';

/** What a failed write left on the disk: a failed fsync says neither that the bytes are there nor that they are not. */
export type Left = 'nothing' | 'all';

export const IO_ERROR = new Error('IO error: Input/output error');

/**
 * A database whose disk fails once, at synced write number `at` (from 1 on), and works again after that: so the kernel
 * reports a failed fsync, once (*Can Applications Recover from fsync Failures?*, USENIX ATC 2020).
 */
export function failingOnce(database: Database, at: number, left: Left): Database {
  let writes = 0;
  const attempt = async (write: () => Promise<void>): Promise<void> => {
    if (++writes !== at) return write();
    if (left === 'all') await write();
    throw IO_ERROR;
  };
  const put = (...args: Parameters<Database['put']>) => attempt(() => database.put(...args));
  const batch = () => {
    const whole = database.batch();
    const write = whole.write.bind(whole);
    return Object.assign(whole, { write: (options: object) => attempt(() => write(options)) });
  };
  return new Proxy(database, {
    get(target, name) {
      if (name === 'put') return put;
      if (name === 'batch') return batch;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

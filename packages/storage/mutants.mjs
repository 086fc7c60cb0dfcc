// Mistakes that a disk punishes, each of which, put into the source, must be noticed by the test it names; see
// tools/mutants.mjs.

const commitQueue = 'src/commit-queue.test.ts';
const failingDisk = 'src/failing-disk.test.ts';
const fileDamage = 'src/file-damage.test.ts';
const formats = 'src/files/formats.test.ts';

export const mutants = [
  {
    name: 'a write that is not synced',
    rule: 'acknowledged is durable',
    file: 'src/commit-queue.ts',
    find: 'await this.#database.put(key, value, { sync: true });',
    replace: 'await this.#database.put(key, value, { sync: false });',
    killedBy: { file: commitQueue, test: 'never more than one synced write is in flight' },
  },
  {
    name: 'writing on after a failed write',
    rule: 'the first failed write poisons the store for good',
    file: 'src/commit-queue.ts',
    find: 'if (this.#failure) return;',
    replace: '',
    killedBy: { file: failingDisk, test: 'of synced write 2, which leaves nothing' },
  },
  {
    name: 'a position that moves on before the write',
    rule: 'a failed write leaves the journal where it was',
    file: 'src/commit-queue.ts',
    find: 'await this.#database.put(key, value, { sync: true });',
    replace: 'this.#last = position; await this.#database.put(key, value, { sync: true });',
    killedBy: { file: commitQueue, test: 'the first failed write poisons the store' },
  },
  {
    name: 'trusting LevelDB with a damaged log',
    rule: 'a damaged record is refused if another one follows',
    file: 'src/files/log-file.ts',
    find: 'if (resumesAt === undefined) return',
    replace: 'return',
    killedBy: { file: fileDamage, test: 'with a bit flipped, .log' },
  },
  {
    name: 'taking a lost log for an empty one',
    rule: 'the log that the manifest names must be there',
    file: 'src/files/check-files.ts',
    find: 'if (!files.includes(`${padded(log)}.log`)) throw',
    replace: 'if (!files) throw',
    killedBy: { file: fileDamage, test: 'each one by itself is refused' },
  },
  {
    name: 'taking a store without CURRENT for a new one',
    rule: 'a lost CURRENT file is damage, not an empty store',
    file: 'src/files/check-files.ts',
    find: 'if (left === undefined) return false;',
    replace: 'if (left !== "") return false;',
    killedBy: { file: fileDamage, test: 'each one by itself is refused' },
  },
  {
    name: 'checking the index of a table alone',
    rule: 'every block of a table is checked',
    file: 'src/files/table-file.ts',
    find: 'checkBlock(bytes, handle);\n    end +=',
    replace: 'end +=',
    killedBy: { file: formats, test: 'a table is damaged whichever of its bits is flipped' },
  },
];

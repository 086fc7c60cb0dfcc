// Mistakes that a disk punishes, each of which, put into the source, must be noticed by the test it names; see
// tools/mutants.mjs.

const commitQueue = 'src/commit-queue.test.ts';
const damage = 'src/damage.test.ts';
const failingDisk = 'src/failing-disk.test.ts';
const fileDamage = 'src/file-damage.test.ts';
const formats = 'src/files/formats.test.ts';

export const mutants = [
  {
    name: 'answering before the write has ended',
    rule: 'acknowledged is durable',
    file: 'src/journal/journal-file.ts',
    find: 'await this.#file.write(',
    replace: 'void this.#file.write(',
    killedBy: { file: failingDisk, test: 'of synced write 1, which leaves nothing' },
  },
  {
    name: 'writing on after a failed write',
    rule: 'the first failed write poisons the store for good',
    file: 'src/commit-queue.ts',
    find: 'if (puts.length > 0 && !this.#failure) {',
    replace: 'if (puts.length > 0) {',
    killedBy: { file: failingDisk, test: 'of synced write 2, which leaves nothing' },
  },
  {
    name: 'writing on after a failed checkpoint',
    rule: 'the first failed write poisons the store for good',
    file: 'src/level-storage.ts',
    find: 'Promise.reject(this.#commits.fail(cause))',
    replace: 'Promise.reject(cause as Error)',
    killedBy: { file: commitQueue, test: 'a failed checkpoint poisons the store' },
  },
  {
    name: 'a position that moves on before the write',
    rule: 'a failed write leaves the journal where it was',
    file: 'src/journal/journal.ts',
    find: 'const checksum = await',
    replace: 'this.#last = { number, checksum: 0 }; const checksum = await',
    killedBy: { file: commitQueue, test: 'the first failed write poisons the store' },
  },
  {
    name: 'a checkpoint that keeps the journal in its file',
    rule: 'a checkpoint covers all of one file and nothing of the other',
    file: 'src/journal/journal.ts',
    find: 'this.#present = this.#present === 0 ? 1 : 0;',
    replace: '',
    killedBy: { file: failingDisk, test: 'acknowledged while a checkpoint is under way' },
  },
  {
    name: 'one salt for all uses of a file',
    rule: 'what an earlier use of a file has left passes for nothing',
    file: 'src/journal/blocks.ts',
    find: 'salt: randomBytes(SALT_BYTES)',
    replace: 'salt: Buffer.alloc(SALT_BYTES)',
    killedBy: { file: damage, test: 'what an earlier use of its file has left behind' },
  },
  {
    name: 'reading a journal up to the first damaged entry',
    rule: 'a damaged entry is refused if another one follows',
    file: 'src/journal/blocks.ts',
    find: 'if (!frameAt(file, later, use)) continue;',
    replace: 'if (later > 0) continue;',
    killedBy: { file: damage, test: 'with a hole' },
  },
  {
    name: 'entries taken in whatever order they lie',
    rule: 'every entry continues the one before it',
    file: 'src/journal/chain.ts',
    find: 'if (entry.number !== last.number + 1 || entry.previous !== last.checksum) {',
    replace: 'if (entry.number === 0) {',
    killedBy: { file: damage, test: 'with its entries in another order' },
  },
  {
    name: 'a file of the journal that continues nothing',
    rule: 'what entries continue must be there',
    file: 'src/journal/chain.ts',
    find: 'if (after.number <= last.number && frames.length === 0) continue;',
    replace: 'if (frames.length > 0) continue;',
    killedBy: { file: damage, test: 'that the journal does not continue' },
  },
  {
    name: 'making a store over a journal that holds writes',
    rule: 'a lost LevelDB is damage, not an empty store',
    file: 'src/journal/journal.ts',
    find: 'if (existsSync(path) && holdsEntries(open(path, {}))) throw',
    replace: 'if (path === "") throw',
    killedBy: { file: damage, test: 'if LevelDB holds nothing' },
  },
  {
    name: 'trusting LevelDB with a damaged log',
    rule: 'a damaged record is refused if another one follows',
    file: 'src/files/log-file.ts',
    find: 'if (resumesAt === undefined) return',
    replace: 'return',
    killedBy: { file: damage, test: 'which LevelDB skips over without a word' },
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

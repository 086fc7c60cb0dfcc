import type { JournalPosition } from './entry.js';
import {
  BLOCK,
  decodeHeader,
  encodeFrame,
  encodeHeader,
  newUse,
  readFrames,
  type ReadFrame,
  type Use,
} from './blocks.js';
import type { SyncedFile } from './synced-file.js';

/** A file grows by so much at a time, bytes: to write into what is there already takes a disk less than to make room. */
const growth = 1 << 18;

/** What a file holds of its present use. */
export interface FileContent {
  readonly after: JournalPosition;
  readonly frames: readonly ReadFrame[];
}

/** One of the files of a journal. Each use of it begins at its beginning, over what the one before has left. */
export class JournalFile {
  readonly #file: SyncedFile;
  #use: Use | undefined;
  /** Where the next write begins. */
  #end = 0;

  constructor(file: SyncedFile) {
    this.#file = file;
  }

  /** How much of the present use there is, bytes. */
  get used(): number {
    return this.#end;
  }

  /** Nothing was ever written to it: a crash came between its making and its first header. */
  get isBlank(): boolean {
    return !this.#file
      .read()
      .subarray(0, BLOCK)
      .some((byte) => byte !== 0);
  }

  /** Throws `Damage`. */
  read(): FileContent {
    const bytes = this.#file.read();
    const use = decodeHeader(bytes);
    return { after: use.after, frames: readFrames(bytes, use) };
  }

  /** Begins a use that follows `after`. Nothing is written before the first frame is: until then the former one is there. */
  begin(after: JournalPosition): void {
    this.#use = newUse(after);
    this.#end = 0;
  }

  /** Writes the header of a use that has no frame. */
  async clear(after: JournalPosition): Promise<void> {
    this.begin(after);
    await this.#write([encodeHeader(this.#use!)]);
  }

  /** Makes it durable, behind what stands here. Returns its checksum. */
  async append(content: Uint8Array): Promise<number> {
    const { bytes, checksum } = encodeFrame(this.#use!, content);
    await this.#write(this.#end === 0 ? [encodeHeader(this.#use!), bytes] : [bytes]);
    return checksum;
  }

  close(): void {
    this.#file.close();
  }

  async #write(blocks: readonly Buffer[]): Promise<void> {
    const end = blocks.reduce((sum, { length }) => sum + length, this.#end);
    const room = end <= this.#file.size ? [] : [Buffer.alloc(Math.ceil(end / growth) * growth - end)];
    const all = [...blocks, ...room];
    await this.#file.write(all.length === 1 ? all[0]! : Buffer.concat(all), this.#end);
    this.#end = end;
  }
}

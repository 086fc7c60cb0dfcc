/** What the chain says about a server that was replaced: who it is for every height above `height`. */
export interface Member {
  /** Of the block that says so. */
  readonly height: number;
  /** The identity of its disk. */
  readonly disk: string;
  /** `host:port`. */
  readonly address: string;
  /** The last entry of the disk before it that a block holds; 0 if none. What that disk held beyond it is lost. */
  readonly sequence: number;
}

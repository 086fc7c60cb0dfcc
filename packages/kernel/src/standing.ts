/** One opening of a disk by one process. */
export interface Opening {
  /** Names the disk: random, given to it when it is made. */
  readonly disk: string;
  /** Names this opening: random, 64 bits. */
  readonly incarnation: bigint;
  /** The number of the last durable write when it was opened. */
  readonly recovered: number;
}

/** An opening of a disk in which something was written. */
export interface EarlierOpening {
  readonly incarnation: bigint;
  /** The number of the last write before its first. */
  readonly after: number;
}

/** What a node says of its disk to a peer before anything else. */
export interface Standing extends Opening {
  /** The openings before this one that wrote, oldest first; of many the last. */
  readonly earlier: readonly EarlierOpening[];
}

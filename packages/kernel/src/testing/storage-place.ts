import type { Storage } from '../ports.js';

/** Where one storage lives, empty at first. */
export interface StoragePlace {
  /** Opens what is there. Only one storage is open at a time. */
  open(): Promise<Storage>;
  /** Opens what a crash at this very moment leaves there; the storage that was open is not used again. */
  crash?(): Promise<Storage>;
  /** Closes what is open and removes everything. */
  remove?(): Promise<void>;
}

/** What the content of a storage outlives. `crash` needs `StoragePlace.crash`. */
export type Survival = 'nothing' | 'close' | 'crash';

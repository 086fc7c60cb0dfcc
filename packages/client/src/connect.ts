import type { LedgerClient } from './ledger-client.js';
import type { ConnectOptions } from './options.js';

/** A client of one cluster. */
export interface SynodClient {
  readonly ledger: LedgerClient;
  /** Ends every call under way with `cancelled` and closes the connections. */
  close(): void;
}

/** Makes a client. Nothing is connected before the first call. */
export declare function connect(options: ConnectOptions): SynodClient;

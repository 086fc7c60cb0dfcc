import { LedgerClient } from './ledger-client.js';
import type { ConnectOptions } from './options.js';

/** A client of one cluster. */
export interface SynodClient {
  readonly ledger: LedgerClient;
  /** Ends every call under way with `cancelled` and closes the connections. */
  close(): void;
}

/** Makes a client. Nothing is connected before the first call. Throws `SynodError` `invalid_argument`. */
export function connect(options: ConnectOptions): SynodClient {
  const ledger = new LedgerClient(options);
  return { ledger, close: () => ledger.close() };
}

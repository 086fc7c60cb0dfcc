import { startServer, type RunningServer } from '@synod/server';
import { ledgerApplication } from './ledger-application.js';
import type { PaxosServerOptions } from './options.js';

/** A server of the ledger that runs. */
export type PaxosServer = RunningServer;

/**
 * Starts one server of the ledger. Rejects with `SynodError`, having written nothing: `config` if an option is wrong
 * or an address can not be had, `DataDirectoryError` if the data directory can not be this server's.
 */
export function startPaxosServer(options: PaxosServerOptions): Promise<PaxosServer> {
  return startServer(options, (instruments) => ledgerApplication(options, instruments));
}

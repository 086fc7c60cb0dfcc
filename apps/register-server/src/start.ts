import { startServer, type RunningServer } from '@synod/server';
import { nodeIn, type RegisterServerOptions } from './options.js';
import { registerApplication } from './register-application.js';

/** A node of registers and tokens that runs. */
export type RegisterServer = RunningServer;

/**
 * Starts one node. Rejects with `SynodError`, having written nothing: `config` if an option is wrong or an address can
 * not be had, `DataDirectoryError` if the data directory can not be this node's.
 */
export async function startRegisterServer(options: RegisterServerOptions): Promise<RegisterServer> {
  const id = nodeIn(options);
  return startServer({ ...options, cluster: options.config, id }, (instruments) => {
    return registerApplication(options, instruments);
  });
}

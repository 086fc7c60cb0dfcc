import type { ConnectOptions } from './options.js';
import { SynodClient } from './synod-client.js';

/** Makes a client. Nothing is connected before the first call. Throws `SynodError` `invalid_argument`. */
export function connect(options: ConnectOptions): SynodClient {
  return new SynodClient(options);
}

/**
 * What every server process is made of, whatever it serves: start, stop, doors, log, events, failpoints, flags.
 *
 * @packageDocumentation
 */
export type { Application, Build, Recovered } from './application.js';
export { DataDirectoryError, type StoreConfiguration } from './data-directory.js';
export { Door } from './doors/door.js';
export { failpointNames } from './failpoints.js';
export { EventLog } from './observation/event-log.js';
export type { Instruments } from './observation/instruments.js';
export { Listeners } from './observation/listeners.js';
export type { LogLevel } from './observation/log.js';
export type { RunOptions, ServerOptions } from './options.js';
export { exitCodeOf, exitCodes } from './process/exit-codes.js';
export { parseFlags, runOptions, type ServerCommand, type ServerFlags } from './process/flags.js';
export { runServer } from './process/run-server.js';
export { systemRandom } from './random.js';
export type { RunningServer } from './running-server.js';
export type { Refusal, ServedProtocol } from './served-protocol.js';
export { startServer } from './start-server.js';

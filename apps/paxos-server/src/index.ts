/**
 * One server of the replicated bank ledger, to run inside a program; the command `synod-paxos-server` is the same.
 *
 * @packageDocumentation
 */
import { failpointNames as namesOf } from '@synod/server';
import { failpointTypes } from './failpoint-types.js';

export { DataDirectoryError, exitCodeOf, exitCodes, type LogLevel } from '@synod/server';
export type { PaxosServerOptions } from './options.js';
export { startPaxosServer, type PaxosServer } from './start.js';

/** `accept:after-write` and so on, in natural order. */
export const failpointNames: readonly string[] = namesOf(failpointTypes);

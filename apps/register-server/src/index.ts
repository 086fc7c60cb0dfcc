/**
 * One node of replicated registers and tokens, to run inside a program; the command `synod-register-server` is the same.
 *
 * @packageDocumentation
 */
import { failpointNames as namesOf } from '@synod/server';
import { failpointTypes } from './failpoint-types.js';

export type { RegisterServerOptions } from './options.js';
export { startRegisterServer, type RegisterServer } from './start.js';

/** `ack:after-write` and so on, in natural order. */
export const failpointNames: readonly string[] = namesOf(failpointTypes);

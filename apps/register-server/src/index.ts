/**
 * One node of replicated registers and tokens, to run inside a program; the command `synod-register-server` is the same.
 *
 * @packageDocumentation
 */
export { failpointTypes } from './failpoint-types.js';
export type { RegisterServerOptions } from './options.js';
export { startRegisterServer, type RegisterServer } from './start.js';

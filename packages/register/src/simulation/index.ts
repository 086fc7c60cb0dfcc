/**
 * Simulated registers: clients, faults and judgement, for tests and for the `synod simulate` command. Needs
 * `@synod/simulator` and `@synod/linearizability` beside this package.
 *
 * @packageDocumentation
 */
export { registerSystem, type RegisterOperation } from './register-system.js';

/**
 * Simulated ledgers: clients, faults and audit, for tests and for the `synod simulate` command. Needs
 * `@synod/simulator` beside this package.
 *
 * @packageDocumentation
 */
export { ledgerSystem, type LedgerOperation } from './ledger-system.js';

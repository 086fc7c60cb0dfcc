/**
 * The kernel: a protocol is a pure machine, one loop runs any machine, ports connect the loop to the world.
 *
 * @packageDocumentation
 */
export * from './bytes.js';
export * from './errors.js';
export * from './fifo.js';
export * from './invariant.js';
export * from './loop.js';
export * from './machine.js';
export * from './memory/network.js';
export * from './memory/storage.js';
export * from './natural-order.js';
export * from './one-copy.js';
export * from './passing-map.js';
export * from './ports.js';
export * from './quorum.js';
export * from './reach.js';
export * from './recovery.js';
export * from './reports.js';
export * from './standing.js';
export * from './system-clock.js';
export * from './witness.js';

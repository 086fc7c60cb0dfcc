export * from './protocol.js';
export * from './records.js';
export * from './transfer.js';

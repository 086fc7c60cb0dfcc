export * from './ballot.js';
export * from './block.js';
export * from './messages.js';

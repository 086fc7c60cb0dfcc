/**
 * Tokens: their type, their hash search off the event loop, their replication schemes, their rules.
 *
 * @packageDocumentation
 */
export { accessPoint, mayAccess, type Access } from './access.js';
export { argMin } from './arg-min.js';
export type { SearchOptions } from './cancelled.js';
export { hashOf } from './hash-of.js';
export { LoopRegisters, type InvokeRegister } from './loop-registers.js';
export { MemoryRegisters } from './memory-registers.js';
export { loadScheme, readScheme } from './read-scheme.js';
export { loadRegisterConfig, registerFingerprint, replicationIn, type RegisterConfig } from './register-config.js';
export type { RegisterPort, RegisterState, RegisterTag } from './register-port.js';
export type { TokenConfig, TokenScheme } from './scheme.js';
export { SearchPool, type SearchPoolOptions } from './search-pool.js';
export { encodeToken } from './token-codec.js';
export { tokenKey } from './token-key.js';
export { TokenManager, type TokenManagerOptions } from './token-manager.js';
export * from './token-vocabulary.js';

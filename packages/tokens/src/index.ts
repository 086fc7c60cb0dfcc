/**
 * Tokens: their type, their hash search off the event loop, their replication schemes, their rules.
 *
 * @packageDocumentation
 */
export { accessPoint, mayAccess, type Access } from './access.js';
export { argMin, type Hashed } from './arg-min.js';
export type { SearchOptions } from './cancelled.js';
export { checkDomain, parseDomain, type Domain } from './domain.js';
export { hashOf } from './hash-of.js';
export { MemoryRegisters } from './memory-registers.js';
export { loadScheme, readScheme } from './read-scheme.js';
export type { RegisterPort, RegisterState, RegisterTag } from './register-port.js';
export type { TokenConfig, TokenScheme } from './scheme.js';
export { SearchPool, type SearchPoolOptions } from './search-pool.js';
export { decodeToken, encodeToken, type TokenValue } from './token-codec.js';
export { TokenManager, type TokenManagerOptions } from './token-manager.js';
export { checkId, checkName, type Token } from './token.js';
export { parseUint64 } from './uint64.js';

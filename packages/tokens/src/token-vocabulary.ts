/**
 * What a token is, for those who only talk about tokens: without threads, files and servers.
 *
 * @packageDocumentation
 */
export type { Hashed } from './arg-min.js';
export { checkDomain, parseDomain, type Domain } from './domain.js';
export { decodeToken, type TokenValue } from './token-codec.js';
export { tokenIn } from './token-key.js';
export { checkId, checkName, type Token } from './token.js';
export { parseUint64 } from './uint64.js';

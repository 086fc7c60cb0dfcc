/**
 * A process on a terminal of its own, whose screen can be read: for tests of terminal programs.
 *
 * @packageDocumentation
 */
export type { Look, Piece } from './piece.js';
export { Pty, type PtyOptions } from './pty.js';

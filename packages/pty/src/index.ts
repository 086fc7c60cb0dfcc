/**
 * A process on a terminal of its own, whose screen can be read: for tests of terminal programs.
 *
 * @packageDocumentation
 */
export { Pty, type PtyOptions } from './pty.js';

/**
 * Transaction files: sets of transfers, the servers that are live in each, and menu commands between them.
 *
 * ```csv
 * 1,"(S1, S3, 45)","[S1, S2, S3, S4, S5]"
 * ,"(S3, S5, 55)",
 * PrintBalance all
 * 2,"(S2, S4, 30); (S5, S1, 50)","[S1, S2, S3]"
 * ```
 *
 * Read alike: byte order mark, CRLF, LF or CR, no final newline, a header row, blank lines and blank padding cells,
 * odd spaces, missing quotes, set number and live list repeated on every row, several transactions in one cell (line
 * breaks, `;` or `,`), and the flat form `1,s1,s3,45,s1,s2,s3`.
 *
 * Choices of this reader:
 * - A server named twice in a live list counts once; the order in a live list means nothing.
 * - Set numbers are compared as numbers (`01` is `1`) and reported as first written; they need not ascend.
 * - A command row belongs to the set whose rows stand before it, also if more rows of that set follow.
 *   A command without its argument means `all`, where `all` is allowed.
 * - A row with set and live list but without transaction is a set that moves no money.
 * - Names that hold commas, parentheses, brackets or quotes can not be written in a file.
 *
 * @packageDocumentation
 */
export { menuCommands, type FileCommand, type MenuCommand } from './menu-command.js';
export type { FileTransfer, TransactionSet } from './set-reader.js';
export { readTransactionFile, type TransactionFile, type TransactionFileOptions } from './transaction-file.js';

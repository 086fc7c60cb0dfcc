import { pino, type Logger } from 'pino';
import { DataDirectoryError } from '../data-directory.js';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export type LogLevel = (typeof logLevels)[number];

export interface LogOptions {
  readonly file: string;
  /** Default `info`. */
  readonly level?: LogLevel;
  /** Whether standard output gets the same lines. Default false. */
  readonly console?: boolean;
}

export interface Log {
  readonly logger: Logger;
  /** Closes the file. Nothing may be logged after it. */
  close(): void;
}

/**
 * Lines of JSON, each written before the call that logs it returns: a SIGKILL loses none. Throws `DataDirectoryError`
 * if the file can not be written.
 */
export function openLog({ file, level = 'info', console = false }: LogOptions): Log {
  const destination = openFile(file);
  const destinations = console ? [destination, pino.destination({ dest: 1, sync: true })] : [destination];
  const logger = pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.multistream(destinations.map((stream) => ({ level: 'debug', stream }))),
  );
  return { logger, close: () => destination.end() };
}

function openFile(file: string): ReturnType<typeof pino.destination> {
  try {
    return pino.destination({ dest: file, sync: true });
  } catch (cause) {
    throw new DataDirectoryError('config', `cannot write the log ${file}: ${(cause as Error).message}`, { cause });
  }
}

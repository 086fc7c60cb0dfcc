import { pino, type Logger } from 'pino';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export type LogLevel = (typeof logLevels)[number];

export interface LogOptions {
  readonly file: string;
  readonly level: LogLevel;
  /** Whether standard output gets the same lines. */
  readonly console: boolean;
}

export interface Log {
  readonly logger: Logger;
  /** Closes the file. Nothing may be logged after it. */
  close(): void;
}

/** Lines of JSON, each written before the call that logs it returns: a SIGKILL loses none. */
export function openLog({ file, level, console }: LogOptions): Log {
  const destination = pino.destination({ dest: file, sync: true });
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

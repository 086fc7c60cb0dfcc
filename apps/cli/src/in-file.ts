import { SynodError } from '@synod/kernel';

/**
 * An error that was met with a file, as one that names the file: it need not be one that was named. `needed`: what
 * the file should have been.
 */
export function inFile(path: string, error: unknown, needed: string): unknown {
  if (error instanceof SynodError) return new SynodError(error.code, `${path}: ${error.message}`, { cause: error });
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
  return new SynodError('invalid_argument', `${path}: ${why}; ${needed} is needed`);
}

import { format, stripVTControlCharacters } from 'node:util';

const methods = ['log', 'info', 'debug', 'warn', 'error'] as const;

/**
 * Takes what anything in this process prints beside the terminal's own frames (`console`, warnings of Node, a library's
 * last words on stderr): it would break the screen. Escape sequences alone are no words. `restore` prints on stderr what
 * was said there, so that nothing is lost.
 */
export function divertOutput(taken: (line: string) => void): { restore(): void } {
  const { stderr } = process;
  const write = stderr.write.bind(stderr);
  const originals = methods.map((method) => [method, console[method].bind(console)] as const);
  const onStderr: string[] = [];
  const take = (text: string) => {
    for (const line of stripVTControlCharacters(text).split('\n')) if (line.trim() !== '') taken(line);
  };
  for (const method of methods) console[method] = (...words: unknown[]) => take(format(...words));
  stderr.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    if (stripVTControlCharacters(text).trim() !== '') onStderr.push(text);
    take(text);
    const written = rest.find((one) => typeof one === 'function') as (() => void) | undefined;
    if (written) queueMicrotask(written);
    return true;
  };
  return {
    restore() {
      for (const [method, original] of originals) console[method] = original;
      stderr.write = write;
      if (onStderr.length > 0) write(onStderr.join(''));
    },
  };
}

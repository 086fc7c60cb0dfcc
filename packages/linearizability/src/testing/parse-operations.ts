import type { Operation, Value } from '../operation.js';

/**
 * Operations of the key `x`, one a line: process, what it does, value, start and end. `?` for the end: the outcome is
 * unknown; `!` behind it: it failed; a tag may follow.
 *
 *     0 write 1  0 2
 *     1 read  1  3 4  7 S1
 *     2 write 2  3 ?
 *     3 write 4  3 5!
 */
export function parseOperations(text: string): Operation[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [process, f, value, start, end, counter, writer] = line.trim().split(/ +/);
      return {
        process: Number(process),
        f: f as Operation['f'],
        key: 'x',
        value: JSON.parse(value!) as Value,
        outcome: end === '?' ? 'info' : end!.endsWith('!') ? 'fail' : 'ok',
        start: Number(start),
        end: end === '?' ? undefined : Number.parseFloat(end!),
        tag: writer ? ([Number(counter), writer] as const) : undefined,
      };
    });
}

/** The line of stderr that says why: an error's first line where there is a stack trace, else the last line. */
export function mostTelling(stderr: string): string | undefined {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1);
}

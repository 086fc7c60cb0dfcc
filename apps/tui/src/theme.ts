import type { Line, Style } from './layout/line.js';

/** How lines become what a terminal understands. */
export interface Theme {
  readonly isColoured: boolean;
}

/** https://no-color.org: any value but the empty one. A dumb terminal knows no colours either. */
export function themeOf(env: Readonly<Record<string, string | undefined>>): Theme {
  const isRefused = Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb' || env['FORCE_COLOR'] === '0';
  return { isColoured: !isRefused };
}

const escape = '\u001b[';
const reset = `${escape}0m`;
const codes: Readonly<Record<Style, string>> = {
  strong: '1',
  quiet: '2',
  good: '32',
  warn: '33',
  bad: '31',
  accent: '36',
};

/** Text with its escape sequences; without any if there are no colours. */
export function paint(line: Line, { isColoured }: Theme): string {
  if (!isColoured) return line.map(({ text }) => text).join('');
  return line
    .map(({ text, style, inverse }) => {
      const code = [...(style ? [codes[style]] : []), ...(inverse ? ['7'] : [])].join(';');
      return code === '' || text === '' ? text : `${escape}${code}m${text}${reset}`;
    })
    .join('');
}

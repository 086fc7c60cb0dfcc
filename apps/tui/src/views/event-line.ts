import type { EventLevel, ServerEvent } from '@synod/kernel';
import { join, span, type Line, type Style } from '../layout/line.js';
import { clock } from '../layout/text.js';
import { fit, padEnd } from '../layout/width.js';

export const levels = ['debug', 'info', 'warn', 'error'] as const satisfies readonly EventLevel[];

const levelSigns: Readonly<Record<EventLevel, { readonly sign: string; readonly style: Style | undefined }>> = {
  debug: { sign: '   debug', style: 'quiet' },
  info: { sign: '   info ', style: undefined },
  warn: { sign: '!  warn ', style: 'warn' },
  error: { sign: '!! error', style: 'bad' },
};

/** One event, cut to `columns`. */
export function eventLine({ timeMs, server, level, kind, message }: ServerEvent, columns: number): Line {
  const { sign, style } = levelSigns[level];
  const kindWidth = columns >= 110 ? 20 : 0;
  return fit(
    join(
      span(clock(timeMs), 'quiet'),
      ' ',
      padEnd(server, 4),
      span(` ${sign} `, style),
      kindWidth > 0 ? span(`${padEnd(kind, kindWidth)} `, 'quiet') : '',
      span(message, style),
    ),
    columns,
  );
}

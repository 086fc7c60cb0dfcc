/** `123`, `12.3`, `1.23`: three digits tell enough of a time in milliseconds. */
export function ms(value: number): string {
  if (value === 0) return '0';
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A rate per second. */
export function rate(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

/** `1 block`, `2 blocks` */
export function count(n: number, thing: string): string {
  return `${n.toLocaleString('en-US')} ${thing}${n === 1 ? '' : 's'}`;
}

/** `12:01:03.120`, local time. */
export function clock(timeMs: number): string {
  const time = new Date(timeMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const seconds = `${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, '0')}`;
  return `${two(time.getHours())}:${two(time.getMinutes())}:${seconds}`;
}

/** `3.S2`: short enough for a column. */
export function shortBallot({ round, server }: { readonly round: number; readonly server: string }): string {
  return round === 0 ? '–' : `${round}.${server}`;
}

/** JSON leaves these as they are: a terminal would obey them, or break the line. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/gu;

/** Text in quotes, all of it, safe for one line of a terminal. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(unsafe, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The name of a register or token: as it is where nothing in it could be misread, otherwise in quotes. */
export function shownName(name: string): string {
  return /^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(name) && !/["\\]/.test(name) ? name : quoted(name);
}

/** `3@127.0.0.20:8000` */
export function shownTag([counter, writer]: readonly [counter: number, writer: string]): string {
  return `tag ${counter}@${writer}`;
}

import type { Key } from 'ink';

/** A key, by name, and what it types. */
export interface KeyPress {
  /** `up`, `pagedown`, `ctrl+c`, `shift+tab`, or the character itself. */
  readonly name: string;
  /** Empty: it types nothing. */
  readonly text: string;
}

const named = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const satisfies readonly (readonly [keyof Key, string])[];

/**
 * What Ink says, as keys in order. Ink understands one key at a time: what a fast hand, a paste or a script sends at once
 * arrives in one piece.
 */
export function keyPresses(input: string, key: Key): readonly KeyPress[] {
  if (key.tab) return [silent(key.shift ? 'shift+tab' : 'tab')];
  const special = named.find(([flag]) => key[flag]);
  if (special) return [silent(special[1])];
  if (isManyKeys(input)) return split(input);
  if (key.ctrl) return [silent(`ctrl+${input}`)];
  if (key.meta) return [silent(`alt+${input}`)];
  return input === '' ? [] : [typed(input)];
}

function isManyKeys(input: string): boolean {
  return /\p{Cc}/u.test(input) || [...graphemes.segment(input)].length > 1;
}

const graphemes = new Intl.Segmenter();
const escape = '\u001b';
/** `ESC [ 5 ~`, `ESC [ A`, `ESC O A` */
const sequence = /^\u001b(?:\[([0-9;]*)([A-Za-z~])|O([A-Z]))/;
const finals: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  Z: 'shift+tab',
};
const tildes: Readonly<Record<string, string>> = {
  '1': 'home',
  '3': 'delete',
  '4': 'end',
  '5': 'pageup',
  '6': 'pagedown',
};
const controls: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\r\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\u007f': 'backspace',
  [escape]: 'esc',
};

function split(input: string): KeyPress[] {
  const keys: KeyPress[] = [];
  // Ink takes away the escape that a piece begins with.
  const isShortened = /^(?:\[[0-9;]*[A-Za-z~]|O[A-Z])/.test(input) && input.includes(escape);
  let rest = isShortened ? escape + input : input;
  while (rest !== '') {
    const found = sequence.exec(rest);
    if (found) {
      const [whole, number = '', final = '', letter = ''] = found;
      const name = final === '~' ? tildes[number] : finals[final || letter];
      if (name !== undefined) keys.push(silent(name));
      rest = rest.slice(whole.length);
      continue;
    }
    const [first] = graphemes.segment(rest);
    const { segment } = first!;
    keys.push(...keyOf(segment));
    rest = rest.slice(segment.length);
  }
  return keys;
}

function keyOf(segment: string): KeyPress[] {
  const control = controls[segment];
  if (control !== undefined) return [silent(control)];
  const code = segment.charCodeAt(0);
  if (code < 0x20) return [silent(`ctrl+${String.fromCharCode(code + 0x60)}`)];
  return /\p{Cc}/u.test(segment) ? [] : [typed(segment)];
}

function silent(name: string): KeyPress {
  return { name, text: '' };
}

function typed(text: string): KeyPress {
  return { name: text, text };
}

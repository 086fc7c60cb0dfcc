import type { Binding, Place } from './action.js';
import { generalKeys } from './general-keys.js';
import { typingKeys } from './typing-keys.js';
import { viewKeys } from './view-keys.js';

/** All of them: what keys do, what `?` tells and what the footer hints at. Those of single views come first. */
export const bindings: readonly Binding[] = [...viewKeys, ...typingKeys, ...generalKeys];

/** What a key does in the first of these places where it does anything. */
export function bindingFor(key: string, places: readonly Place[]): Binding | undefined {
  for (const place of places) {
    const found = bindings.find((binding) => binding.places.includes(place) && binding.keys.includes(key));
    if (found) return found;
  }
  return undefined;
}

const shown: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  enter: 'Enter',
  esc: 'Esc',
  tab: 'Tab',
  'shift+tab': 'Shift-Tab',
  backspace: 'Backspace',
  delete: 'Del',
  ' ': 'Space',
};

/** `Enter`, `Ctrl-U`, `x` */
export function showKey(key: string): string {
  const control = /^ctrl\+(.)$/.exec(key);
  return control ? `Ctrl-${control[1]!.toUpperCase()}` : (shown[key] ?? key);
}

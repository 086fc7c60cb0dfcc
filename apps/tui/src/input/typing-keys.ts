import type { Binding } from './action.js';

/** Keys while a command or a filter is typed; all others type themselves. */
export const typingKeys: readonly Binding[] = [
  {
    keys: ['enter'],
    places: ['command line', 'filter'],
    action: { type: 'submit' },
    hint: 'do it',
    description: 'do it',
  },
  {
    keys: ['esc'],
    places: ['command line', 'filter'],
    action: { type: 'cancel' },
    hint: 'leave',
    description: 'leave it',
  },
  {
    keys: ['tab'],
    places: ['command line'],
    action: { type: 'complete', by: 1 },
    hint: 'complete',
    description: 'complete; again: the next one',
  },
  {
    keys: ['shift+tab'],
    places: ['command line'],
    action: { type: 'complete', by: -1 },
    description: 'the one before',
  },
  {
    keys: ['up'],
    places: ['command line'],
    action: { type: 'history', by: -1 },
    hint: 'earlier',
    description: 'an earlier line',
  },
  { keys: ['down'], places: ['command line'], action: { type: 'history', by: 1 }, description: 'a later line' },
  {
    keys: ['left', 'ctrl+b'],
    places: ['command line', 'filter'],
    action: { type: 'edit', edit: 'left' },
    description: 'a character to the left',
  },
  {
    keys: ['right', 'ctrl+f'],
    places: ['command line', 'filter'],
    action: { type: 'edit', edit: 'right' },
    description: 'a character to the right',
  },
  {
    keys: ['home', 'ctrl+a'],
    places: ['command line', 'filter'],
    action: { type: 'edit', edit: 'start' },
    description: 'to the beginning',
  },
  {
    keys: ['end', 'ctrl+e'],
    places: ['command line', 'filter'],
    action: { type: 'edit', edit: 'end' },
    description: 'to the end',
  },
  // Terminals send for the backspace key what Ink calls delete.
  {
    keys: ['backspace', 'delete'],
    places: ['command line', 'filter'],
    action: { type: 'edit', edit: 'backspace' },
    description: 'delete the character before',
  },
  {
    keys: ['ctrl+d'],
    places: ['command line', 'filter'],
    action: { type: 'edit', edit: 'delete' },
    description: 'delete the character after',
  },
  {
    keys: ['ctrl+w'],
    places: ['command line', 'filter'],
    action: { type: 'edit', edit: 'cut-word' },
    description: 'delete the word before',
  },
  {
    keys: ['ctrl+u'],
    places: ['command line', 'filter'],
    action: { type: 'edit', edit: 'cut-to-start' },
    description: 'delete all before',
  },
  {
    keys: ['ctrl+k'],
    places: ['command line', 'filter'],
    action: { type: 'edit', edit: 'cut-to-end' },
    description: 'delete all after',
  },
];

import type { Binding, Place } from './action.js';

const filtered: readonly Place[] = ['ledger', 'log', 'registers', 'events', 'timeline'];
const tails: readonly Place[] = ['blocks', 'log', 'events', 'timeline'];

/** Keys of single views, and of what lies over them. */
export const viewKeys: readonly Binding[] = [
  {
    keys: ['enter'],
    places: ['blocks'],
    action: { type: 'open' },
    hint: 'open',
    description: 'open the selected block',
  },
  {
    keys: ['/'],
    places: filtered,
    action: { type: 'filter' },
    hint: 'filter',
    description: 'show only what contains a text',
  },
  {
    keys: ['s'],
    places: ['log', 'performance', 'events'],
    action: { type: 'server' },
    hint: 'server',
    description: 'the next server',
  },
  {
    keys: ['v'],
    places: ['events'],
    action: { type: 'level' },
    hint: 'level',
    description: 'the least level that is shown',
  },
  {
    keys: ['f'],
    places: tails,
    action: { type: 'follow' },
    hint: 'follow',
    description: 'go to the newest, and follow',
  },
  {
    keys: ['+', '='],
    places: ['timeline'],
    action: { type: 'zoom', by: 1 },
    hint: 'more',
    description: 'more detail: phases, messages, each end of a message',
  },
  { keys: ['-'], places: ['timeline'], action: { type: 'zoom', by: -1 }, hint: 'less', description: 'less detail' },
  { keys: ['a'], places: ['timeline'], action: { type: 'background' }, description: 'background messages too, or not' },
  {
    keys: ['x'],
    places: ['timeline'],
    action: { type: 'export' },
    hint: 'export',
    description: 'write the timeline as SVG and as JSON',
  },
  {
    keys: ['left'],
    places: ['ledger'],
    action: { type: 'sideways', by: -1 },
    hint: 'servers',
    description: 'servers to the left',
  },
  { keys: ['right'], places: ['ledger'], action: { type: 'sideways', by: 1 }, description: 'servers to the right' },
  {
    keys: ['up'],
    places: ['long result', 'help'],
    action: { type: 'scroll', motion: -1 },
    hint: 'scroll',
    description: 'scroll up',
  },
  {
    keys: ['down'],
    places: ['long result', 'help'],
    action: { type: 'scroll', motion: 1 },
    description: 'scroll down',
  },
  {
    keys: ['pageup'],
    places: ['long result', 'help'],
    action: { type: 'scroll', motion: 'page-up' },
    description: 'a page up',
  },
  {
    keys: ['pagedown'],
    places: ['long result', 'help'],
    action: { type: 'scroll', motion: 'page-down' },
    description: 'a page down',
  },
  { keys: ['esc'], places: ['result', 'help'], action: { type: 'close' }, hint: 'close', description: 'close it' },
  { keys: ['?', 'q'], places: ['help'], action: { type: 'close' }, description: 'close it' },
];

import { viewIds, type ViewId } from '../views/view.js';
import type { Binding } from './action.js';

const letters: Readonly<Record<ViewId, string>> = {
  cluster: 'c',
  ledger: 'l',
  blocks: 'b',
  log: 'g',
  registers: 'r',
  performance: 'p',
  events: 'e',
  timeline: 't',
};

const viewDescriptions: Readonly<Record<ViewId, string>> = {
  cluster: 'servers, the round that runs, the set that is played',
  ledger: 'every account as every server knows it',
  blocks: 'the chain, and what is in a block',
  log: 'local logs, and what is pending',
  registers: 'tokens and registers, and which replicas agree',
  performance: 'RPC methods, requests, durable writes',
  events: 'what happened on all servers, by time',
  timeline: 'the messages between servers',
};

/** The letter that shows a view. */
export function letterOf(view: ViewId): string {
  return letters[view];
}

/** Keys that mean the same in every view. */
export const generalKeys: readonly Binding[] = [
  ...viewIds.map((view): Binding => {
    return {
      keys: [letters[view]],
      places: ['everywhere'],
      action: { type: 'view', view },
      description: viewDescriptions[view],
    };
  }),
  {
    keys: ['tab'],
    places: ['everywhere'],
    action: { type: 'turn-view', by: 1 },
    hint: 'view',
    description: 'the next view',
  },
  {
    keys: ['shift+tab'],
    places: ['everywhere'],
    action: { type: 'turn-view', by: -1 },
    description: 'the view before',
  },
  {
    keys: [':', 'enter'],
    places: ['everywhere'],
    action: { type: 'command', text: '' },
    hint: 'command',
    description: 'the command line',
  },
  ...Array.from('123456789', (digit): Binding => {
    const description = `the command line, with command ${digit}`;
    return { keys: [digit], places: ['everywhere'], action: { type: 'command', text: digit }, description };
  }),
  {
    keys: ['o'],
    places: ['everywhere'],
    action: { type: 'result' },
    hint: 'result',
    description: 'what the last command found',
  },
  { keys: ['up', 'k'], places: ['everywhere'], action: { type: 'move', motion: -1 }, hint: 'move', description: 'up' },
  { keys: ['down', 'j'], places: ['everywhere'], action: { type: 'move', motion: 1 }, description: 'down' },
  { keys: ['pageup'], places: ['everywhere'], action: { type: 'move', motion: 'page-up' }, description: 'a page up' },
  {
    keys: ['pagedown', ' '],
    places: ['everywhere'],
    action: { type: 'move', motion: 'page-down' },
    description: 'a page down',
  },
  { keys: ['home'], places: ['everywhere'], action: { type: 'move', motion: 'first' }, description: 'to the first' },
  { keys: ['end'], places: ['everywhere'], action: { type: 'move', motion: 'last' }, description: 'to the last' },
  {
    keys: ['esc'],
    places: ['everywhere'],
    action: { type: 'back' },
    description: 'back: close what is open, clear the filter',
  },
  { keys: ['?'], places: ['everywhere'], action: { type: 'help' }, hint: 'keys', description: 'this list' },
  {
    keys: ['q', 'ctrl+c'],
    places: ['everywhere'],
    action: { type: 'quit' },
    hint: 'quit',
    description: 'stop what was started here, and leave',
  },
];

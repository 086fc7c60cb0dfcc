import type { Motion, ViewId } from '../views/view.js';
import type { Edit } from './line-editor.js';

/** Where a key means something. */
export type Place = 'everywhere' | 'result' | 'long result' | 'help' | 'command line' | 'filter' | ViewId;

/** What a key does. */
export type Action =
  | { readonly type: 'view'; readonly view: ViewId }
  | { readonly type: 'turn-view'; readonly by: 1 | -1 }
  /** `page`: as many rows as are seen. */
  | { readonly type: 'move'; readonly motion: Motion | 'page-up' | 'page-down' }
  | { readonly type: 'sideways'; readonly by: 1 | -1 }
  | { readonly type: 'open' | 'back' | 'follow' | 'filter' | 'server' | 'level' | 'background' | 'export' }
  | { readonly type: 'zoom'; readonly by: 1 | -1 }
  | { readonly type: 'command'; readonly text: string }
  | { readonly type: 'help' | 'quit' | 'result' | 'close' }
  | { readonly type: 'scroll'; readonly motion: Motion | 'page-up' | 'page-down' }
  | { readonly type: 'edit'; readonly edit: Edit }
  | { readonly type: 'complete'; readonly by: 1 | -1 }
  | { readonly type: 'history'; readonly by: 1 | -1 }
  | { readonly type: 'submit' | 'cancel' };

/** One binding: what `?` tells and the footer hints at comes from here, and so does what keys do. */
export interface Binding {
  readonly keys: readonly string[];
  readonly places: readonly Place[];
  readonly action: Action;
  /** In one or two words, for the footer; undefined: only `?` tells of it. */
  readonly hint?: string;
  readonly description: string;
}

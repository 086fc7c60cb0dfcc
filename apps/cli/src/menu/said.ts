import { SynodError, type NodeId } from '@synod/kernel';
import type { Facts } from './facts.js';

/** What a command that changed something has to tell. */
export function said(text: string): Facts {
  return { kind: 'said', text };
}

/** Why something can not be asked of a server. */
export function hasCrashed(server: NodeId): SynodError {
  return new SynodError('unavailable', `${server} has crashed: RestartServer ${server} starts it again`);
}

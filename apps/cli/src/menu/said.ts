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

/** Why nothing can be asked of a server whose process is not ours. */
export function doesNotAnswer(server: NodeId): SynodError {
  return new SynodError('unavailable', `${server} does not answer; it was started elsewhere: start it there`);
}

/** Why a process can not be killed or started. `verb`: what is to be done there. */
export function startedElsewhere(server: NodeId, verb: 'kill' | 'start'): SynodError {
  return new SynodError('unavailable', `${server} was started elsewhere: ${verb} its process there`);
}

/** Why a server can not be silenced. */
export function refusesFaults(server: NodeId): SynodError {
  return new SynodError('refused', `${server} was started without --allow-faults`);
}

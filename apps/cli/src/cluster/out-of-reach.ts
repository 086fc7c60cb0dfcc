import { SynodError, type NodeId } from '@synod/kernel';

/** Why nothing is told of a server that was started elsewhere. */
export function outOfReach(server: NodeId): SynodError {
  return new SynodError('unavailable', `${server} does not answer, and its data is not on this machine`);
}

import type { EventLevel, NodeId } from '@synod/kernel';

/** What happens to a link, for logs. */
export interface LinkEvent {
  readonly level: EventLevel;
  readonly kind:
    | 'link-up'
    | 'link-down'
    /** The two nodes do not belong together. Told once per reason. */
    | 'link-refused'
    /** The peer sent what can not be read; its stream is closed. */
    | 'link-failed'
    /** The first message that a peer's full queue, or its own length, keeps from being sent. */
    | 'message-dropped';
  readonly peer: NodeId;
  /** One line, for people. */
  readonly message: string;
}

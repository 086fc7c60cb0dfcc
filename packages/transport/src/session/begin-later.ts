import { SynodError } from '@synod/kernel';
import { tooMuchUnread, type Backlog, type Waiting } from './backlog.js';
import type { OpenCall } from './open-call.js';

export interface LaterOperation {
  /** What it holds from its beginning to its answer, bytes. */
  readonly weight: number;
  /** What it holds until then, bytes. */
  readonly asked: number;
  /** Ends when nobody waits for it any more. */
  readonly call: OpenCall;
}

/**
 * Waits until an operation has begun for which there was no room: those under way end soon. Resolves with a `SynodError`
 * if it never begins: `resource_exhausted` if what is in the way are answers that others do not read, or if there is no
 * room even to wait.
 */
export function beginLater(backlog: Backlog, { weight, asked, call }: LaterOperation): Promise<SynodError | undefined> {
  return new Promise((resolve) => {
    if (backlog.isUnread || !backlog.hasRoomFor(asked)) return resolve(tooMuchUnread());
    const leave = (): void => {
      backlog.leave(waiting);
      backlog.defer(-asked);
      call.off('cancelled', giveUp);
    };
    const giveUp = (): void => {
      leave();
      resolve(new SynodError('cancelled', 'the caller is gone; nothing was done'));
    };
    const waiting: Waiting = {
      proceed: () => {
        const admits = backlog.admits(weight);
        if (!admits && !backlog.isUnread) return backlog.wait(waiting);
        leave();
        if (!admits) return resolve(tooMuchUnread());
        backlog.begin(weight);
        resolve(undefined);
      },
    };
    backlog.defer(asked);
    backlog.wait(waiting);
    call.once('cancelled', giveUp);
  });
}

import type { Output } from '@synod/kernel';
import type { NodeStanding, RegisterProtocol } from '@synod/register';
import type { EventLog } from '@synod/server';

/** Tells when this node takes part, and what becomes of a lost disk, from what the machine persists about itself. */
export class MembershipEvents {
  readonly #events: EventLog;
  readonly #askReady: () => Promise<boolean>;
  #standing: NodeStanding = 'member';
  #ready = false;

  /** `askReady`: whether the node takes part in all it should. May reject: nobody is to be told then. */
  constructor(events: EventLog, askReady: () => Promise<boolean>) {
    this.#events = events;
    this.#askReady = askReady;
  }

  /** Returns whether it was persisted how this node stands, that a peer knows it, or that one was replaced. */
  released({ persist }: Output<RegisterProtocol>): boolean {
    let noted = false;
    for (const { value } of persist) {
      if (value?.kind !== 'node' && value?.kind !== 'known' && value?.kind !== 'replacement') continue;
      noted = true;
      if (value.kind === 'node') this.#noted(value.standing);
    }
    if (noted) this.#checkReady();
    return noted;
  }

  #noted(standing: NodeStanding): void {
    const former = this.#standing;
    if (standing === former) return;
    this.#standing = standing;
    const events = this.#events;
    switch (standing) {
      case 'lost': {
        const what = 'this disk lost what a former one held: copying registers from all peers, answering nothing';
        return events.add('warn', 'recovery-started', what);
      }
      case 'waiting':
        return events.add('info', 'replacement-waiting', 'this disk waits until the operator replaces another by it');
      case 'copying':
        return events.add('info', 'replacement-started', 'this disk replaces another: copying what it must hold');
      case 'member':
        if (former === 'lost') return events.add('info', 'recovery-finished', 'all that the lost disk held is copied');
        return events.add('info', 'replacement-finished', 'all that this disk must hold is copied');
    }
  }

  #checkReady(): void {
    this.#askReady().then(
      (ready) => {
        if (ready && !this.#ready) this.#events.add('info', 'server-ready', 'known to all its peers: taking part');
        this.#ready = ready;
      },
      () => {}, // the server stops
    );
  }
}

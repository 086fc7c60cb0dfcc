import type { Output } from '@synod/kernel';
import type { RegisterProtocol } from '@synod/register';
import type { EventLog } from '@synod/server';

/** Tells when this node takes part, and what becomes of a lost disk, from what the machine persists about itself. */
export class MembershipEvents {
  readonly #events: EventLog;
  readonly #askReady: () => Promise<boolean>;
  #recovering = false;
  #ready = false;

  /** `askReady`: whether the node takes part in all it should. May reject: nobody is to be told then. */
  constructor(events: EventLog, askReady: () => Promise<boolean>) {
    this.#events = events;
    this.#askReady = askReady;
  }

  /** Returns whether it was persisted how this node stands, or that a peer knows it. */
  released({ persist }: Output<RegisterProtocol>): boolean {
    let noted = false;
    for (const { value } of persist) {
      if (value?.kind !== 'node' && value?.kind !== 'known') continue;
      noted = true;
      if (value.kind === 'node') this.#noted(value.recovering);
    }
    if (noted) this.#checkReady();
    return noted;
  }

  #noted(recovering: boolean): void {
    if (recovering === this.#recovering) return;
    this.#recovering = recovering;
    if (recovering) {
      const what = 'this disk lost what a former one held: copying registers from all peers, answering nothing';
      this.#events.add('warn', 'recovery-started', what);
    } else {
      this.#events.add('info', 'recovery-finished', 'all that the lost disk held is copied');
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

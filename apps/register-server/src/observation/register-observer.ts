import type { Input, Observer, Output } from '@synod/kernel';
import type { RegisterProtocol } from '@synod/register';
import type { CellSizes } from '@synod/transport/server';
import type { RegisterDoor } from '../register-door.js';
import type { Adoptions } from './adoptions.js';
import type { MembershipEvents } from './membership-events.js';

/** Watches the loop at work: the machine contains no logging, so that what it does is told from what it releases. */
export class RegisterObserver implements Pick<Observer<RegisterProtocol>, 'released'> {
  readonly #door: Pick<RegisterDoor, 'changes'>;
  readonly #adoptions: Adoptions;
  readonly #sizes: CellSizes;
  readonly #membership: MembershipEvents;

  constructor(
    door: Pick<RegisterDoor, 'changes'>,
    { adoptions, sizes }: { readonly adoptions: Adoptions; readonly sizes: CellSizes },
    membership: MembershipEvents,
  ) {
    this.#door = door;
    this.#adoptions = adoptions;
    this.#sizes = sizes;
    this.#membership = membership;
  }

  released(output: Output<RegisterProtocol>, input: Input<RegisterProtocol>): void {
    this.#adoptions.released(output);
    this.#sizes.released(output);
    const stands = this.#membership.released(output);
    // An operator must see at once what links and disks do; rates and counts age by themselves.
    if (stands || input.kind === 'link') this.#door.changes.tell('state');
  }
}

import type { SessionDoor, SessionRequest } from './session-wire.js';

export type Item<Request> = SessionRequest<Request>['items'][number];

/** About what an operation takes that has arrived, beside its bytes. */
const itemBytes = 256;

/** What of one session has arrived and is not begun, in order. */
export class Agenda<Request> {
  readonly #door: Pick<SessionDoor<Request, unknown>, 'askedBytes' | 'backlog'>;
  #items: Item<Request>[] = [];
  /** How many of them are removed. */
  #removed = 0;

  constructor(door: Pick<SessionDoor<Request, unknown>, 'askedBytes' | 'backlog'>) {
    this.#door = door;
  }

  get isEmpty(): boolean {
    return this.#items.length === this.#removed;
  }

  get first(): Item<Request> | undefined {
    return this.#items[this.#removed];
  }

  /** Returns whether there was room for it. */
  add(item: Item<Request>): boolean {
    const bytes = this.#bytesOf(item);
    if (!this.#door.backlog.hasRoomFor(bytes)) return false;
    this.#door.backlog.defer(bytes);
    this.#items.push(item);
    return true;
  }

  removeFirst(): void {
    this.#door.backlog.defer(-this.#bytesOf(this.first!));
    this.#removed++;
    if (!this.isEmpty) return;
    this.#items = [];
    this.#removed = 0;
  }

  /** Nobody waits for it any more. Returns whether it was here. */
  remove(number: number): boolean {
    const at = this.#items.findIndex((item, i) => i >= this.#removed && item.number === number);
    if (at < 0) return false;
    const [item] = this.#items.splice(at, 1);
    this.#door.backlog.defer(-this.#bytesOf(item!));
    return true;
  }

  clear(): void {
    while (!this.isEmpty) this.removeFirst();
  }

  #bytesOf({ request }: Item<Request>): number {
    return itemBytes + this.#door.askedBytes(request);
  }
}

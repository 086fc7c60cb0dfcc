import type { NodeDescription, SynodClient, WatchedMessage } from '@synod/client';
import type { Want } from '../feed.js';
import type { Input, News } from '../model/input.js';
import type { Answering } from './fetching.js';
import { Follower, type Audience } from './follower.js';
import { Outbox } from './outbox.js';
import type { ShortId } from './short-ids.js';
import { Wanted } from './wanted.js';

/** Follows all servers that the client was told of, and those that they tell of. */
export class Following implements Audience {
  readonly #client: SynodClient;
  readonly #outbox: Outbox;
  readonly #wanted: Wanted;
  /** Each server once. */
  readonly #followers = new Set<Follower>();
  readonly #answering = new Map<Follower, Answering>();
  /** Of the servers that have said who they are. */
  readonly #clusters = new Set<string>();

  constructor(client: SynodClient, shortId: ShortId, deliver: (inputs: readonly Input[]) => void) {
    this.#client = client;
    this.#outbox = new Outbox(deliver);
    this.#wanted = new Wanted({ client, shortId, tell: this.#outbox.tell });
    for (const { id, address } of client.servers) this.#follow(address, id);
    this.#tellCluster();
  }

  want(want: Want | undefined): void {
    this.#wanted.want(want);
  }

  close(): void {
    for (const follower of this.#followers) follower.close();
    this.#wanted.close();
    this.#outbox.close();
  }

  described(follower: Follower, { cluster, server, servers }: NodeDescription): void {
    const same = this.#followerOf(server);
    if (same && same !== follower) this.#leave(same);
    follower.id = server;
    this.#clusters.add(cluster);
    const known = new Map(this.#client.servers.map(({ id, address }) => [id, address]));
    for (const { id } of servers) {
      const address = known.get(id);
      if (this.#followerOf(id) || address === undefined) continue;
      const stranger = [...this.#followers].find((one) => one.address === address);
      if (stranger) this.#name(stranger, id);
      else this.#follow(address, id);
    }
    this.#tellCluster();
  }

  reached(follower: Follower): void {
    // A server that nobody has named goes by its address once there is something to say of it.
    if (follower.id === undefined) this.#tellCluster();
    this.#tellReach(follower);
  }

  failed(follower: Follower): void {
    const known = this.#client.servers.find(({ id }) => id !== undefined && id === follower.id);
    if (!known || known.address === follower.address) return;
    this.#leave(follower);
    this.#follow(known.address, known.id);
    this.#tellCluster();
  }

  lost(follower: Follower): void {
    // One that was left has another in its place.
    if (!this.#followers.has(follower)) return;
    this.#answering.delete(follower);
    this.#wanted.lost(nameOf(follower));
  }

  tell(follower: Follower, news: News): void {
    this.#outbox.tell(news);
    if (news.type !== 'ledger-report' && news.type !== 'register-report') return;
    const before = this.#answering.get(follower);
    const answering: Answering = {
      id: nameOf(follower),
      address: follower.address,
      ledger: news.type === 'ledger-report' ? news.report : before?.ledger,
      registers: news.type === 'register-report' ? news.report : before?.registers,
    };
    this.#answering.set(follower, answering);
    this.#wanted.reported(answering);
  }

  tellMessage(message: WatchedMessage): void {
    this.#outbox.tellMessage(message);
  }

  #follow(address: string, id: string | undefined): void {
    const follower = new Follower(this.#client, address, id, this);
    this.#followers.add(follower);
    void follower.run();
  }

  /** It is the same server as another one, at another address. */
  #leave(follower: Follower): void {
    follower.close();
    this.lost(follower);
    this.#followers.delete(follower);
  }

  /** Another server has told who this one is, which has not answered yet. */
  #name(follower: Follower, id: string): void {
    follower.id = id;
    if (follower.reach.reach === 'unknown') return;
    this.#tellCluster();
    this.#tellReach(follower);
  }

  #followerOf(id: string): Follower | undefined {
    return [...this.#followers].find((follower) => follower.id === id);
  }

  #tellCluster(): void {
    const shown = [...this.#followers].filter(({ id, reach }) => id !== undefined || reach.reach !== 'unknown');
    if (shown.length === 0) return;
    const servers = shown.map((follower) => ({ id: nameOf(follower), address: follower.address }));
    this.#outbox.tell({ type: 'cluster', cluster: [...this.#clusters].join(', '), servers });
  }

  #tellReach(follower: Follower): void {
    this.#outbox.tell({ type: 'reach', server: nameOf(follower), ...follower.reach });
  }
}

function nameOf({ id, address }: Follower): string {
  return id ?? address;
}

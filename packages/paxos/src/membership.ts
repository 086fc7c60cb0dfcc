import { SynodError, type NodeId } from '@synod/kernel';
import type { Block, Change } from './block.js';
import type { Member } from './member.js';
import type { Snapshot } from './messages.js';
import type { PaxosEffects } from './options.js';
import { paxosKeys } from './records.js';

/**
 * Who the members are. Their names never change; a *replacement* gives a name another disk and address, from the block
 * that carries it on. Keeps the changes that this server was asked for until a block holds them: one is proposed at a
 * time, with the own fresh round.
 */
export class Membership<T> {
  readonly #self: NodeId;
  readonly #names: readonly NodeId[];
  readonly #replaced = new Map<NodeId, Member>();
  #wanted: readonly Change[] = [];

  constructor(self: NodeId, names: readonly NodeId[]) {
    this.#self = self;
    this.#names = names;
  }

  recover(server: NodeId, member: Member): void {
    this.#replaced.set(server, member);
  }

  /** What the chain says about a server; undefined while it is the one that the configuration names. */
  get(server: NodeId): Member | undefined {
    return this.#replaced.get(server);
  }

  /** All that were ever replaced. */
  all(): Iterable<readonly [server: NodeId, member: Member]> {
    return this.#replaced;
  }

  /** What the next fresh block must carry. */
  get wanted(): Change | undefined {
    return this.#wanted[0];
  }

  /** Where the chain says just this, if it does. */
  standing(change: Change): Member | undefined {
    const member = this.#replaced.get(change.server);
    return member && isOf(member, change) ? member : undefined;
  }

  /** Why a change can not be asked of this server. */
  objectionTo({ server, disk, address }: Change): SynodError | undefined {
    if (!this.#names.includes(server)) {
      const names = this.#names.join(', ');
      return new SynodError('unknown_server', `there is no server ${JSON.stringify(server)}: write ${names}`);
    }
    if (!/^[0-9a-f]{16}$/.test(disk)) {
      return wrong(`disk: ${JSON.stringify(disk)} is no identity of a disk: it has 16 hexadecimal digits`);
    }
    if (address === '') return wrong('address: is empty: write host:port, for example 127.0.0.1:7001');
    if (server === this.#self) return wrong(`${server} does not propose its own replacement: ask another server`);
    for (const [other, member] of this.#replaced) {
      if (other !== server && member.disk === disk) return wrong(`disk: ${disk} is that of ${other}`);
    }
    return undefined;
  }

  /** Returns what the chain says if it says this already. Otherwise the change is wanted until a block holds it. */
  want(change: Change): Member | undefined {
    const standing = this.standing(change);
    if (standing) return standing;
    if (!this.#wanted.some((wanted) => isSame(wanted, change))) this.#wanted = [...this.#wanted, change];
    return undefined;
  }

  /** No majority: whoever asked is told so, and asks again. */
  giveUp(): void {
    this.#wanted = [];
  }

  /** A block with a change is committed. `sequence`: the last of that server's entries up to it. */
  apply({ height }: Block<T>, { server, disk, address }: Change, sequence: number, effects: PaxosEffects<T>): Member {
    const member: Member = { height, disk, address, sequence };
    this.#set(server, member, effects);
    return member;
  }

  /** Blocks were skipped that say this. Returns those that are others than before. */
  adopt(members: Snapshot['members'], effects: PaxosEffects<T>): Snapshot['members'] {
    const changed = members.filter(([server, { height }]) => height > (this.#replaced.get(server)?.height ?? 0));
    for (const [server, member] of changed) this.#set(server, member, effects);
    return changed;
  }

  #set(server: NodeId, member: Member, effects: PaxosEffects<T>): void {
    this.#replaced.set(server, member);
    // Another change of the same server came first: who asked for ours is told, and decides anew.
    this.#wanted = this.#wanted.filter((wanted) => wanted.server !== server);
    effects.put(paxosKeys.member(server), { kind: 'member', ...member });
  }
}

function isSame(a: Change, b: Change): boolean {
  return a.server === b.server && isOf(a, b);
}

function isOf(a: Pick<Change, 'disk' | 'address'>, b: Pick<Change, 'disk' | 'address'>): boolean {
  return a.disk === b.disk && a.address === b.address;
}

function wrong(what: string): SynodError {
  return new SynodError('invalid_argument', what);
}

import { invariant, quorumSize, type NodeId, type Observer } from '@synod/kernel';
import { compareBallots, noBallot, showBallot, type Ballot } from '../ballot.js';
import type { Block } from '../block.js';
import type { LogProtocol } from '../replicated-log.js';

/**
 * Sees everything that a cluster releases and commits, and throws at the first moment at which it is wrong. It trusts
 * no server: what is chosen it counts itself, from the votes. (P1 to P2c of *Paxos Made Simple*, section 2.2.)
 */
export class Witness {
  readonly chosen = new Map<number, Block<string>>();
  readonly #quorum: number;
  /** By height and ballot: what was proposed, and who voted for it. */
  readonly #proposals = new Map<string, { readonly block: Block<string>; readonly votes: Set<NodeId> }>();
  readonly #promised = new Map<NodeId, { ballot: Ballot; height: number }>();
  readonly #sequences = new Map<NodeId, number>();

  constructor(servers: readonly NodeId[]) {
    this.#quorum = quorumSize(servers.length);
  }

  observer(server: NodeId): Observer<LogProtocol<string>> {
    return {
      released: ({ send }) => {
        for (const { message } of send) {
          if (message.type === 'promise') this.#promise(server, message.ballot, message.height);
          else if (message.type === 'accept') this.#proposal(message.ballot, message.block);
          else if (message.type === 'accepted') this.#vote(server, message.ballot, message.height);
        }
      },
    };
  }

  /** A server applied a block: its height's one chosen block, and nothing that was not chosen. */
  applied(server: NodeId, block: Block<string>): void {
    const chosen = this.chosen.get(block.height);
    invariant(chosen, `${server} commits block ${block.height}, for which no quorum voted`);
    invariant(chosen.hash === block.hash, `${server} commits another block at height ${block.height}`);
  }

  /** A server skipped the blocks up to this height, and was told what they amount to. */
  skipped(server: NodeId, height: number, hash: string): void {
    const chosen = this.chosen.get(height);
    invariant(chosen?.hash === hash, `${server} goes on from a block at height ${height} that was not chosen`);
  }

  /** An append was acknowledged: the chosen block of that height holds it, or one that a snapshot let its server skip. */
  acknowledged(owner: NodeId, value: string, at: { readonly height: number; readonly sequence: number }): void {
    const entries = [...this.chosen.values()]
      .filter(({ height }) => height <= at.height)
      .flatMap((block) => block.entries);
    const entry = entries.find((candidate) => candidate.owner === owner && candidate.sequence === at.sequence);
    invariant(entry?.value === value, `${owner} acknowledged ${value} at height ${at.height}, where it is not`);
  }

  #promise(server: NodeId, ballot: Ballot, height: number): void {
    const before = this.#promised.get(server) ?? { ballot: noBallot, height: 0 };
    const order = compareBallots(ballot, before.ballot);
    invariant(
      order > 0 || (order === 0 && height === before.height),
      `${server} promises ${showBallot(ballot)} for height ${height} after ${showBallot(before.ballot)} for ${before.height}`,
    );
    this.#promised.set(server, { ballot, height });
  }

  #proposal(ballot: Ballot, block: Block<string>): void {
    const key = showBallot(ballot) + block.height;
    const before = this.#proposals.get(key);
    invariant(
      before === undefined || before.block.hash === block.hash,
      `ballot ${showBallot(ballot)} proposes two blocks for height ${block.height}`,
    );
    if (!before) this.#proposals.set(key, { block, votes: new Set() });
  }

  #vote(server: NodeId, ballot: Ballot, height: number): void {
    const promised = this.#promised.get(server)?.ballot ?? noBallot;
    invariant(
      compareBallots(ballot, promised) >= 0,
      `${server} accepts ${showBallot(ballot)} though it promised ${showBallot(promised)}`,
    );
    this.#promised.set(server, { ballot, height });
    const proposal = this.#proposals.get(showBallot(ballot) + height);
    invariant(proposal, `${server} accepts ${showBallot(ballot)}, which proposed nothing at height ${height}`);
    proposal.votes.add(server);
    if (proposal.votes.size >= this.#quorum) this.#choose(proposal.block);
  }

  #choose(block: Block<string>): void {
    const { height } = block;
    const before = this.chosen.get(height);
    if (before) return invariant(before.hash === block.hash, `two blocks are chosen at height ${height}`);
    const previous = this.chosen.get(height - 1);
    invariant(
      height === 1 || previous?.hash === block.previous,
      `the block at height ${height} continues no chosen one`,
    );
    invariant(block.entries.length > 0, `the block at height ${height} is empty`);
    for (const { owner, sequence } of block.entries) {
      const last = this.#sequences.get(owner) ?? 0;
      invariant(sequence === last + 1, `block ${height} holds entry ${sequence} of ${owner} after ${last}`);
      this.#sequences.set(owner, sequence);
    }
    this.chosen.set(height, block);
  }
}

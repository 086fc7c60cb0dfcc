import { invariant, type NodeId } from '@synod/kernel';
import { drawIndex, Simulation, type SimulationOptions } from '@synod/simulator';
import type { Block } from '../block.js';
import type { Limits, Timing } from '../options.js';
import { replicatedLog, type LogProtocol } from '../replicated-log.js';
import { genesis, textCodec } from './text-codec.js';
import { Witness } from './witness.js';

type Result = LogProtocol<string>['result'];

export interface ClusterOptions extends Pick<SimulationOptions<LogProtocol<string>>, 'network' | 'disk' | 'expected'> {
  readonly seed: number;
  readonly servers: number;
  readonly timing?: Partial<Timing>;
  readonly limits?: Partial<Limits>;
  /** Who is in reach while everybody gets to know everybody; by default everybody. */
  readonly reach?: readonly NodeId[];
}

/** A simulated cluster of replicated logs under the eyes of a witness. */
export class Cluster {
  readonly servers: readonly NodeId[];
  readonly simulation: Simulation<LogProtocol<string>>;
  readonly witness: Witness;
  /** Values that were acknowledged, in that order. */
  readonly acknowledged: string[] = [];
  #appends = 0;

  constructor({ seed, servers, timing, limits, reach, ...conditions }: ClusterOptions) {
    this.servers = Array.from({ length: servers }, (_, i) => `S${i + 1}`);
    this.witness = new Witness(this.servers);
    // What follows the log on each server: it keeps the hash of the last block.
    const heads = new Map<NodeId, string>();
    this.simulation = new Simulation({
      ...conditions,
      seed,
      nodes: this.servers,
      definition: (self, random) =>
        replicatedLog({
          self,
          members: this.servers,
          genesis,
          codec: textCodec,
          random,
          timing,
          limits,
          onBlock: (block) => {
            this.witness.applied(self, block);
            heads.set(self, block.hash);
          },
          state: {
            snapshot: () => Buffer.from(heads.get(self) ?? genesis),
            restore: (state, height) => {
              heads.set(self, Buffer.from(state).toString());
              this.witness.skipped(self, height, heads.get(self)!);
            },
          },
        }),
      observer: (server) => this.witness.observer(server),
    });
    if (reach) this.simulation.partition([reach]);
    this.simulation.start();
    this.simulation.run({ for: 200 }); // everybody gets to know everybody
  }

  /** Appends a value of its own at a server that is up. */
  append(server: NodeId, done: (result: Result) => void = () => {}): void {
    const value = `${server}#${++this.#appends}`;
    this.simulation.invoke(server, { type: 'append', value }, (result) => {
      if (result.type === 'appended') {
        this.witness.acknowledged(server, value, result);
        this.acknowledged.push(value);
      }
      done(result);
    });
  }

  /** Appends at random servers, at random times, for `forMs`. */
  appendAtRandom(count: number, forMs: number): void {
    const random = this.simulation.random('appends');
    for (let i = 0; i < count; i++) {
      this.simulation.after(random() * forMs, () => {
        const server = this.servers[drawIndex(random, this.servers.length)]!;
        if (this.simulation.isUp(server)) this.append(server);
      });
    }
  }

  /** What a server answers. Lets time pass. */
  ask(server: NodeId, command: LogProtocol<string>['command'], within = 10_000): Result {
    let answer: Result | undefined;
    this.simulation.invoke(server, command, (result) => (answer = result));
    this.simulation.runUntil(() => answer !== undefined, { within });
    return answer!;
  }

  /** The committed chain as a server tells it. */
  chain(server: NodeId): readonly Block<string>[] {
    const blocks: Block<string>[] = [];
    for (;;) {
      const answer = this.ask(server, { type: 'read', from: blocks.length + 1 });
      invariant(answer.type === 'blocks', `${server} reads its blocks`);
      blocks.push(...answer.blocks);
      if (blocks.length === answer.height) return blocks;
    }
  }

  /** Waits until all servers hold all that is chosen, and that is all that was acknowledged. */
  settle(within: number): void {
    const everybodyAppends = this.servers.map((server) => {
      let ended: Result | undefined;
      this.append(server, (result) => (ended = result));
      return () => ended !== undefined;
    });
    this.simulation.runUntil(() => everybodyAppends.every((ended) => ended()), { within });
    const height = this.witness.chosen.size;
    const heads = (): number[] => this.servers.map((server) => this.height(server));
    this.simulation.runUntil(() => heads().every((head) => head >= height), { within });
    const chains = this.servers.map((server) => this.chain(server));
    for (const chain of chains) {
      invariant(chain.length === chains[0]!.length, 'all chains are equally long');
      for (const block of chain) this.witness.applied('a reader', block);
    }
    const committed = new Set(chains[0]!.flatMap((block) => block.entries.map(({ value }) => value)));
    for (const value of this.acknowledged) invariant(committed.has(value), `${value} was acknowledged and is gone`);
  }

  /** A server's durable height. */
  height(server: NodeId): number {
    let height = 0;
    for (const key of this.simulation.durable(server).keys()) if (key.startsWith('block/')) height++;
    return height;
  }
}

/** Different networks for different seeds: near and far, quick and slow disks. */
export function anyConditions(seed: number): Pick<ClusterOptions, 'network' | 'disk'> {
  const far = seed % 3 === 0;
  const slow = seed % 4 === 0;
  return {
    network: { delayMs: far ? [5, 60] : [0.2, 2] },
    disk: { writeMs: slow ? [5, 40] : [0.2, 2] },
  };
}

import { invariant, type NodeId } from '@synod/kernel';
import { drawIndex, Simulation, type SimulationOptions } from '@synod/simulator';
import { registerMachine } from '../machine.js';
import type { RegisterOptions, Replication } from '../options.js';
import type { RegisterProtocol, RegisterResult } from '../protocol.js';
import { registerKeys, registerRecordCodec } from '../records.js';
import { History } from './history.js';
import { bytes, text } from './notation.js';
import { Witness } from './witness.js';

export interface ClusterOptions extends Pick<SimulationOptions<RegisterProtocol>, 'network' | 'disk'> {
  readonly seed: number;
  readonly nodes: number;
  readonly limits?: RegisterOptions['limits'];
  readonly onConfirmed?: (node: NodeId) => RegisterOptions['onConfirmed'];
}

/** A simulated cluster: `one` has the single writer S1, `any` all writers, `part` is not on the last node. */
export class Cluster {
  readonly nodes: readonly NodeId[];
  readonly simulation: Simulation<RegisterProtocol>;
  readonly history = new History();
  readonly #replication: ReadonlyMap<string, Replication>;
  #writes = 0;

  constructor({ seed, nodes, limits, onConfirmed, ...conditions }: ClusterOptions) {
    this.nodes = Array.from({ length: nodes }, (_, i) => `S${i + 1}`);
    this.#replication = new Map([
      ['one', { writer: 'S1', replicas: this.nodes }],
      ['any', { writer: 'any', replicas: this.nodes }],
      ['part', { writer: 'any', replicas: this.nodes.slice(0, -1) }],
    ]);
    const witness = new Witness();
    this.simulation = new Simulation({
      ...conditions,
      seed,
      nodes: this.nodes,
      definition: (self, random) =>
        registerMachine({
          self,
          members: this.nodes,
          replicaSetOf: (key) => this.#replication.get(key),
          random,
          limits,
          onConfirmed: onConfirmed?.(self),
        }),
      observer: (node) => witness.observer(node),
      traceLimit: 2000,
    });
    this.simulation.start();
    this.simulation.run({ for: 300 }); // everybody gets to know everybody
  }

  get keys(): readonly string[] {
    return [...this.#replication.keys()];
  }

  read(node: NodeId, key: string, done: (result: RegisterResult) => void = () => {}): void {
    const operation = this.history.begin('read', key);
    this.simulation.invoke(node, { type: 'read', key }, (result) => {
      if (result.type === 'value') this.history.end(operation, result.tag, valueOf(result));
      done(result);
    });
  }

  /** Writes a value of its own. */
  write(node: NodeId, key: string, done: (result: RegisterResult) => void = () => {}): void {
    const value = `${node}#${++this.#writes}`;
    const operation = this.history.begin('write', key, value);
    this.simulation.invoke(node, { type: 'write', key, value: bytes(value) }, (result) => {
      if (result.type === 'written') this.history.end(operation, result.tag);
      else if (result.type === 'error' && result.error.definite) this.history.forget(operation);
      done(result);
    });
  }

  /** Deletes, once per node and key: the tags of its readers tell which deletion they saw. */
  delete(node: NodeId, key: string): void {
    const operation = this.history.begin('write', key, `deleted by ${node}`);
    this.simulation.invoke(node, { type: 'delete', key }, (result) => {
      if (result.type === 'written') this.history.end(operation, result.tag);
      else if (result.type === 'error' && result.error.definite) this.history.forget(operation);
    });
  }

  /** Reads and writes at random nodes, at random times, for `forMs`. */
  operateAtRandom(count: number, forMs: number): void {
    const random = this.simulation.random('clients');
    const deleted = new Set<string>();
    for (let i = 0; i < count; i++) {
      this.simulation.after(random() * forMs, () => {
        const key = this.keys[drawIndex(random, this.keys.length)]!;
        const { writer, replicas } = this.#replication.get(key)!;
        const node = replicas[drawIndex(random, replicas.length)]!;
        const writes = random() < 0.5;
        const deletes = random() < 0.05;
        const at = writes && writer !== 'any' ? writer : node;
        if (!this.simulation.isUp(at)) return;
        if (!writes) this.read(at, key);
        else if (!deletes || deleted.has(at + key)) this.write(at, key);
        else {
          deleted.add(at + key);
          this.delete(at, key);
        }
      });
    }
  }

  /** One after another, nodes lose their disks: each when all the others have theirs and nothing is being copied. */
  loseDisksAtRandom(count: number, forMs: number): void {
    const random = this.simulation.random('disks');
    for (let i = 0; i < count; i++) {
      this.simulation.after(random() * forMs, () => {
        const node = this.nodes[drawIndex(random, this.nodes.length)]!;
        if (!this.simulation.isUp(node) || this.nodes.some((other) => this.isRecovering(other))) return;
        this.loseDisk(node);
        this.simulation.restart(node);
      });
    }
  }

  loseDisk(node: NodeId): void {
    this.simulation.crash(node);
    this.simulation.loseDisk(node);
  }

  /** Its disk is empty, or not everything is copied to it yet, or not everybody knows it. */
  isRecovering(node: NodeId): boolean {
    const disk = this.simulation.durable(node);
    const stored = disk.get(registerKeys.node);
    const record = stored && registerRecordCodec.decode(registerKeys.node, stored);
    const knownToAll = this.nodes.every((other) => other === node || disk.has(registerKeys.known(other)));
    return record?.kind !== 'node' || record.recovering || !knownToAll;
  }

  /** What a node is told. Lets time pass. */
  ask(node: NodeId, key: string, kind: 'read' | 'write', within = 3000): RegisterResult {
    let answer: RegisterResult | undefined;
    this[kind](node, key, (result) => (answer = result));
    this.simulation.runUntil(() => answer !== undefined, { within });
    return answer!;
  }

  /** After healing every node takes part, every write and every read succeeds. */
  settle(): void {
    this.simulation.runUntil(() => !this.nodes.some((node) => this.isRecovering(node)), { within: 10_000 });
    for (const key of this.keys) {
      const { writer, replicas } = this.#replication.get(key)!;
      const written = this.ask(writer === 'any' ? replicas[0]! : writer, key, 'write');
      invariant(written.type === 'written', `${key} can be written after healing: ${show(written)}`);
      for (const node of replicas) {
        const read = this.ask(node, key, 'read');
        // Not always this very one: a write of unknown outcome may still surface above it.
        invariant(read.type === 'value' && read.tag, `${node} reads ${key} after healing: ${show(read)}`);
      }
    }
    this.history.check();
  }
}

/** Unique for each state of a register, deleted ones included. */
function valueOf({ value, tag }: Extract<RegisterResult, { type: 'value' }>): string | undefined {
  if (value) return text(value);
  return tag && `deleted by ${tag[1]}`;
}

function show(result: RegisterResult): string {
  return result.type === 'error' ? result.error.message : JSON.stringify(result);
}

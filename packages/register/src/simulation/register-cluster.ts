import { invariant, SynodError, type NodeId } from '@synod/kernel';
import { Simulation, type SimulationOptions } from '@synod/simulator';
import { registerMachine } from '../machine.js';
import type { RegisterOptions, Replication } from '../options.js';
import type { ReadResult, RegisterCommand, RegisterProtocol, RegisterResult } from '../protocol.js';
import { registerKeys, registerRecordCodec } from '../records.js';
import { RegisterHistory } from './register-history.js';
import { Witness } from './witness.js';

export interface RegisterClusterOptions extends Pick<
  SimulationOptions<RegisterProtocol>,
  'network' | 'disk' | 'probe'
> {
  readonly seed: number;
  readonly nodes: readonly NodeId[];
  readonly limits?: RegisterOptions['limits'];
  readonly onConfirmed?: (node: NodeId) => RegisterOptions['onConfirmed'];
}

/** Who holds and writes the registers of a simulated cluster. */
export function replicationOf(nodes: readonly NodeId[]): ReadonlyMap<string, Replication> {
  return new Map([
    ['one', { writer: nodes[0]!, replicas: nodes }],
    ['any', { writer: 'any', replicas: nodes }],
    ['part', { writer: 'any', replicas: nodes.slice(0, -1) }],
  ]);
}

/** How operations can end. `failed`: it did not happen. `unknown`: it may have happened. */
export const registerAnswers = ['read', 'written', 'failed', 'unknown'] as const;

/** How long a node that its peers refuse is down until it has another disk. */
const replacedAfterMs = 50;

/** A simulated cluster: `one` has the single writer S1, `any` all writers, `part` is not on the last node. */
export class RegisterCluster {
  readonly nodes: readonly NodeId[];
  readonly simulation: Simulation<RegisterProtocol>;
  readonly history = new RegisterHistory();
  readonly answers: Partial<Record<(typeof registerAnswers)[number], number>> = {};
  readonly #replication: ReadonlyMap<string, Replication>;
  #writes = 0;

  constructor({ seed, nodes, limits, onConfirmed, ...conditions }: RegisterClusterOptions) {
    this.nodes = nodes;
    this.#replication = replicationOf(nodes);
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
      expected: (error, node) => error instanceof SynodError && error.code === 'disk_cut' && this.#giveUp(node),
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
      this.#count(result);
      done(result);
    });
  }

  /** Writes a value of its own. */
  write(node: NodeId, key: string, done: (result: RegisterResult) => void = () => {}): void {
    const value = `${node}#${++this.#writes}`;
    this.#change(node, { type: 'write', key, value: Buffer.from(value) }, value, done);
  }

  /** Deletes, once per node and key: the tags of its readers tell which deletion they saw. */
  delete(node: NodeId, key: string): void {
    this.#change(node, { type: 'delete', key }, `deleted by ${node}`, () => {});
  }

  loseDisk(node: NodeId): void {
    this.simulation.crash(node);
    this.simulation.loseDisk(node);
  }

  /** What an operator does with a disk that peers refuse. */
  #giveUp(node: NodeId): boolean {
    if (!this.simulation.disk(node).cut) return false;
    this.simulation.after(replacedAfterMs, () => {
      this.simulation.loseDisk(node);
      this.simulation.restart(node);
    });
    return true;
  }

  /** Its disk has forgotten something, or is empty, or not everything is copied to it yet, or not everybody knows it. */
  isRecovering(node: NodeId): boolean {
    const { damaged, cut } = this.simulation.disk(node);
    if (damaged || cut) return true;
    const disk = this.simulation.durable(node);
    const stored = disk.get(registerKeys.node);
    const record = stored && registerRecordCodec.decode(registerKeys.node, stored);
    const knownToAll = this.nodes.every((other) => other === node || disk.has(registerKeys.known(other)));
    return record?.kind !== 'node' || record.recovering || !knownToAll;
  }

  #change(
    node: NodeId,
    command: Extract<RegisterCommand, { type: 'write' | 'delete' }>,
    value: string,
    done: (result: RegisterResult) => void,
  ): void {
    const operation = this.history.begin('write', command.key, value);
    this.simulation.invoke(node, command, (result) => {
      if (result.type === 'written') this.history.end(operation, result.tag);
      else if (result.type === 'error' && result.error.definite) this.history.forget(operation);
      this.#count(result);
      done(result);
    });
  }

  #count(result: RegisterResult): void {
    const answer = answerOf(result);
    this.answers[answer] = (this.answers[answer] ?? 0) + 1;
  }

  /** What a node is told. Lets time pass. */
  ask(node: NodeId, key: string, kind: 'read' | 'write', within = 3000): RegisterResult {
    let answer: RegisterResult | undefined;
    this[kind](node, key, (result) => (answer = result));
    this.simulation.runUntil(() => answer !== undefined, {
      within,
      goal: `the answer of ${node} to a ${kind} of ${key}`,
    });
    return answer!;
  }

  /** After healing every node takes part, every write and every read succeeds. */
  settle(): void {
    this.simulation.runUntil(() => !this.nodes.some((node) => this.isRecovering(node)), {
      within: 10_000,
      goal: 'that every node takes part',
    });
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
function valueOf({ value, tag }: ReadResult): string | null {
  if (value) return Buffer.from(value).toString();
  return tag ? `deleted by ${tag[1]}` : null;
}

function answerOf(result: RegisterResult): (typeof registerAnswers)[number] {
  if (result.type === 'error') return result.error.definite ? 'failed' : 'unknown';
  return result.type === 'value' ? 'read' : 'written';
}

function show(result: RegisterResult): string {
  return result.type === 'error' ? result.error.message : JSON.stringify(result);
}

import { invariant, SynodError, type NodeId } from '@synod/kernel';
import { Simulation, type SimulationOptions } from '@synod/simulator';
import { registerMachine } from '../machine.js';
import type { RegisterOptions, Replication } from '../options.js';
import type { ReadResult, RegisterCommand, RegisterProtocol, RegisterResult } from '../protocol.js';
import { registerKeys, registerRecordCodec } from '../records.js';
import { tagOf } from '../timestamp.js';
import { readFromReplicas } from './consulting-client.js';
import { Moves } from './moves.js';
import { Neighbourhood, nodeAt, sparePlace, type Place } from './place.js';
import { RegisterHistory, type Recorded } from './register-history.js';
import { Witness } from './witness.js';

export interface RegisterClusterOptions extends Pick<
  SimulationOptions<RegisterProtocol>,
  'network' | 'disk' | 'probe'
> {
  readonly seed: number;
  readonly nodes: readonly NodeId[];
  /** Nodes whose former disk may come back after they were replaced. */
  readonly spares?: readonly NodeId[];
  readonly limits?: RegisterOptions['limits'];
  readonly onConfirmed?: (node: NodeId) => RegisterOptions['onConfirmed'];
}

/** Who holds and writes the registers of a simulated cluster. */
export function replicationOf(nodes: readonly NodeId[]): ReadonlyMap<string, Replication> {
  return new Map([
    ['one', { writer: nodes[0]!, replicas: nodes }],
    ['any', { writer: 'any', replicas: nodes }],
    ['part', { writer: 'any', replicas: nodes.slice(0, Math.max(2, nodes.length - 1)) }],
  ]);
}

/** How requests can end. `agreed`: read from the replicas. `failed`: it did not happen. `unknown`: it may have happened. */
export const registerAnswers = ['read', 'agreed', 'written', 'failed', 'unknown', 'replaced'] as const;

/** How long a node that its peers refuse is down until it has another disk. */
const replacedAfterMs = 50;

/** A simulated cluster: `one` has the single writer S1, `any` all writers, `part` is not on the last of three or more nodes. */
export class RegisterCluster {
  readonly nodes: readonly NodeId[];
  readonly simulation: Simulation<RegisterProtocol>;
  readonly history = new RegisterHistory();
  readonly answers: Partial<Record<(typeof registerAnswers)[number], number>> = {};
  readonly #replication: ReadonlyMap<string, Replication>;
  readonly #witness = new Witness();
  readonly #moves: Moves;
  #writes = 0;

  constructor({ seed, nodes, spares = [], limits, onConfirmed, ...conditions }: RegisterClusterOptions) {
    this.nodes = nodes;
    this.#replication = replicationOf(nodes);
    this.simulation = new Simulation({
      ...conditions,
      seed,
      nodes: [...nodes, ...spares.map(sparePlace)],
      definition: (place, random) => {
        const neighbourhood = new Neighbourhood(place);
        const self = nodeAt(place);
        return neighbourhood.house(
          registerMachine({
            self,
            members: nodes,
            replicaSetOf: (key) => this.#replication.get(key),
            replicaSets: [...this.#replication.values()],
            replacement: this.#moves.isNew(place),
            random,
            limits,
            onConfirmed: onConfirmed?.(self),
            onReplacements: neighbourhood.learn,
          }),
        );
      },
      observer: (place) => this.#witness.observer(place),
      expected: (error, place) => {
        if (!(error instanceof SynodError)) return false;
        if (error.code === 'replaced') return this.#moves.isFormer(place);
        return error.code === 'disk_cut' && this.#giveUp(place);
      },
    });
    this.#moves = new Moves(this.simulation);
    this.simulation.start(nodes);
    this.simulation.run({ for: 300 }); // everybody gets to know everybody
  }

  get keys(): readonly string[] {
    return [...this.#replication.keys()];
  }

  /** Returns whether the node is up to be asked, as `write` and `delete` do. */
  read(node: NodeId, key: string, done: (result: RegisterResult) => void = () => {}): boolean {
    const place = this.#moves.placeFor(node);
    if (!this.simulation.isUp(place)) return false;
    this.#read(place, this.history.begin('read', key), done);
    return true;
  }

  /** A read by a client that asks a majority of the replicas itself, this one first, with pauses in between. */
  consult(node: NodeId, key: string, pauseMs: number): boolean {
    const place = this.#moves.placeFor(node);
    if (!this.simulation.isUp(place)) return false;
    const operation = this.history.begin('read', key);
    const { replicas } = this.#replication.get(key)!;
    const own = replicas.indexOf(node);
    const ring = [...replicas.slice(own), ...replicas.slice(0, own)];
    const reading = { key, replicas: ring, pauseMs, placeFor: (one: NodeId) => this.#moves.placeFor(one) };
    readFromReplicas(this.simulation, reading, (agreed) => {
      if (!agreed) {
        if (this.simulation.isUp(place)) this.#read(place, operation);
        return;
      }
      const tag = agreed.timestamp && tagOf(agreed.timestamp);
      this.history.end(operation, tag, valueOf({ value: agreed.value, tag }));
      this.answers.agreed = (this.answers.agreed ?? 0) + 1;
    });
    return true;
  }

  /** Writes a value of its own. */
  write(node: NodeId, key: string, done: (result: RegisterResult) => void = () => {}): boolean {
    const value = `${node}#${++this.#writes}`;
    return this.#change(node, { type: 'write', key, value: new TextEncoder().encode(value) }, value, done);
  }

  /** Deletes, once per node and key: the tags of its readers tell which deletion they saw. */
  delete(node: NodeId, key: string): boolean {
    return this.#change(node, { type: 'delete', key }, `deleted by ${node}`, () => {});
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

  /**
   * Gives a node another disk: elsewhere, if its former one may come back (it must be among the `spares` then, and is
   * so once only), otherwise in its place. `by`, all by default, are asked in turn until it is done. Returns whether it
   * could be begun.
   */
  replace(node: NodeId, former: 'gone' | 'back', by = this.nodes): boolean {
    if (this.#moves.underWay || this.nodes.some((other) => this.isRecovering(other))) return false;
    if (!this.#moves.begin(node, former, by, () => this.#count({ type: 'replaced' }))) return false;
    if (former === 'gone') this.#witness.forget(this.#moves.placeOf(node));
    return true;
  }

  /** Where its disk is that counts. */
  placeOf(node: NodeId): Place {
    return this.#moves.placeOf(node);
  }

  /** Somebody has, or is about to get, another disk. */
  wasReplaced(node: NodeId): boolean {
    return this.#moves.wasReplaced(node);
  }

  /**
   * The other one of two was replaced: an empty disk of this one could ask that one's former disk, and there is nobody who
   * would tell it better.
   */
  mustLast(node: NodeId): boolean {
    return this.nodes.length === 2 && this.nodes.some((other) => other !== node && this.wasReplaced(other));
  }

  /** Its disk has forgotten something, or is empty, or not everything is copied to it yet, or not everybody knows it. */
  isRecovering(node: NodeId): boolean {
    const place = this.#moves.placeOf(node);
    const { damaged, cut } = this.simulation.disk(place);
    if (damaged || cut) return true;
    const disk = this.simulation.durable(place);
    const stored = disk.get(registerKeys.node);
    const record = stored && registerRecordCodec.decode(registerKeys.node, stored);
    if (record?.kind !== 'node' || record.standing !== 'member') return true;
    return (
      !this.wasReplaced(node) && !this.nodes.every((other) => other === node || disk.has(registerKeys.known(other)))
    );
  }

  #read(place: Place, operation: Recorded, done: (result: RegisterResult) => void = () => {}): void {
    this.simulation.invoke(place, { type: 'read', key: operation.key }, (result) => {
      if (result.type === 'value') this.history.end(operation, result.tag, valueOf(result));
      this.#count(result);
      done(result);
    });
  }

  #change(
    node: NodeId,
    command: Extract<RegisterCommand, { type: 'write' | 'delete' }>,
    value: string,
    done: (result: RegisterResult) => void,
  ): boolean {
    const place = this.#moves.placeFor(node);
    if (!this.simulation.isUp(place)) return false;
    const operation = this.history.begin('write', command.key, value);
    this.simulation.invoke(place, command, (result) => {
      if (result.type === 'written') this.history.end(operation, result.tag);
      else if (result.type === 'error' && result.error.definite) this.history.forget(operation);
      this.#count(result);
      done(result);
    });
    return true;
  }

  #count(result: RegisterResult | { readonly type: 'replaced' }): void {
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
    this.simulation.runUntil(() => !this.#moves.underWay && !this.nodes.some((node) => this.isRecovering(node)), {
      within: 10_000,
      goal: 'that every node takes part',
    });
    this.#moves.endFormer();
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
function valueOf({ value, tag }: Omit<ReadResult, 'type'>): string | null {
  if (value) return Buffer.from(value).toString();
  return tag ? `deleted by ${tag[1]}` : null;
}

function answerOf(result: RegisterResult | { readonly type: 'replaced' }): (typeof registerAnswers)[number] {
  if (result.type === 'error') return result.error.definite ? 'failed' : 'unknown';
  if (result.type === 'replaced') return 'replaced';
  return result.type === 'value' ? 'read' : 'written';
}

function show(result: RegisterResult): string {
  return result.type === 'error' ? result.error.message : JSON.stringify(result);
}

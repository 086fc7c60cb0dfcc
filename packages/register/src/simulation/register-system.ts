import type { NodeId } from '@synod/kernel';
import {
  drawIndex,
  drawSchedule,
  seededRandom,
  faultKinds,
  forgetfulFaults,
  type Fault,
  type OperationDraw,
  type PlanOptions,
  type RunningSystem,
  type Schedule,
  type System,
  type Timed,
} from '@synod/simulator';
import { liveKeys, nameInKey, registerKeys, registerRecordCodec } from '../records.js';
import type { RegisterMessage } from '../messages.js';
import { subjectOf } from '../subject.js';
import { nodeAt, sparePlace } from './place.js';
import { RegisterCluster, registerAnswers, replicationOf } from './register-cluster.js';

/** What one client asks of one node, or the operator of all. */
export type RegisterOperation =
  { readonly type: 'read' | 'write' | 'delete'; readonly key: string; readonly node: NodeId } | Consult | Replace;

/** A read by a client that asks the replicas itself, from this one on. */
interface Consult {
  readonly type: 'consult';
  readonly key: string;
  readonly node: NodeId;
  /** Between one question and the next, virtual ms. */
  readonly pauseMs: number;
}

/** The node gets another disk; `by` is asked to see to it, or the others. Its former one is gone, or comes back some time. */
interface Replace {
  readonly type: 'replace';
  readonly node: NodeId;
  readonly by: NodeId;
  readonly former: 'gone' | 'back';
}

/** In 30 s. */
const operations = 400;
/** Of them, those that are asked together with another one. */
const togetherShare = 0.4;
/** Of reads, those that ask the replicas; at most so many virtual ms between one question and the next. */
const consultingShare = 0.4;
const longestPauseMs = 100;
/** At most, in 30 s. */
const replacements = 3;
/** How often, in virtual ms, all that clients were told is judged while the run goes on. */
const judgeMs = 5000;

/**
 * Registers of one writer and of many. In all runs: every register is linearizable; tags never go back; no node shows
 * less than it acknowledged to another; after healing every node takes part, and every write and read succeeds.
 */
export const registerSystem: System<RegisterOperation> = {
  name: 'register',
  survives: faultKinds.filter((kind) => kind !== 'lost-write'), // which nobody can notice
  messages: [
    'read',
    'value',
    'write',
    'ack',
    'introduce',
    'acquainted',
    'copy',
    'page',
    'configuration',
  ] satisfies RegisterMessage['type'][],
  answers: registerAnswers,
  subjectOf: (message) => subjectOf(message as RegisterMessage),
  plan(seed, options = {}) {
    const schedule = drawSchedule(
      registerSystem,
      seed,
      options,
      seed % 5 === 0 ? { pageCells: 1 } : {},
      drawOperations,
    );
    return { ...schedule, operations: withConsultations(schedule), faults: withSpares(schedule, options) };
  },
  start({ seed, nodes, network, disk, limits, forMs, operations }, probe): RunningSystem<RegisterOperation> {
    const cluster = new RegisterCluster({
      seed,
      nodes,
      spares: nodes.filter((node) => hasSpare(operations, node)),
      network,
      disk,
      limits,
      probe,
    });
    const { simulation, history, answers } = cluster;
    for (let ms = judgeMs; ms < forMs; ms += judgeMs) simulation.after(ms, () => history.check());
    return {
      simulation,
      answers,
      allows: (fault) => isPromised(fault, cluster),
      operate: (operation) => {
        const { node } = operation;
        if (operation.type === 'replace') {
          return !cluster.mustLast(node) && cluster.replace(node, operation.former, [operation.by, ...nodes]);
        }
        if (operation.type === 'consult') return cluster.consult(node, operation.key, operation.pauseMs);
        return cluster[operation.type](node, operation.key);
      },
      settle: () => cluster.settle(),
      describe: (node) => describe(simulation.durable(cluster.placeOf(node))),
    };
  },
};

/**
 * A node that lost its disk copies from all others: until it has, none of them can do without its own. One whose disk
 * forgot is given up as soon as a peer remembers what is gone: nothing is promised where one does not. One whose disk
 * replaced another can only be replaced again.
 */
function isPromised(fault: Fault, cluster: RegisterCluster): boolean {
  if (!forgetfulFaults.includes(fault.kind) || !('node' in fault)) return true;
  if (cluster.mustLast(nodeAt(fault.node))) return false;
  if (cluster.wasReplaced(nodeAt(fault.node)) || cluster.nodes.some((node) => cluster.isRecovering(node))) return false;
  const by = cluster.nodes.map((node) => cluster.placeOf(node));
  return fault.kind !== 'lying-fsync' || cluster.simulation.isWitnessed(fault.node, fault.kept, by);
}

function drawOperations({ random, nodes, scaled, moment }: OperationDraw): Timed<RegisterOperation>[] {
  const registers = [...replicationOf(nodes)];
  const deleted = new Set<string>();
  let before: Timed<RegisterOperation> | undefined;
  const asked = Array.from({ length: scaled(operations) }, (): Timed<RegisterOperation> => {
    const [key, { writer, replicas }] = registers[drawIndex(random, registers.length)]!;
    // What is asked of one node at one moment shares its messages.
    const joined = before && random() < togetherShare && replicas.includes(before.node) ? before : undefined;
    const any = joined?.node ?? replicas[drawIndex(random, replicas.length)]!;
    const at = joined?.at ?? moment();
    const reads = random() < 0.5;
    const node = reads || writer === 'any' ? any : writer;
    const deletes = !reads && random() < 0.05 && !deleted.has(node + key);
    if (deletes) deleted.add(node + key);
    const type = reads ? 'read' : deletes ? 'delete' : 'write';
    return (before = { at, type, key, node });
  });
  const replaced = Array.from({ length: drawIndex(random, scaled(replacements) + 1) }, (): Timed<RegisterOperation> => {
    const node = nodes[drawIndex(random, nodes.length)]!;
    const others = nodes.filter((other) => other !== node);
    const by = others[drawIndex(random, others.length)]!;
    return { at: moment(), type: 'replace', node, by, former: random() < 0.5 ? 'gone' : 'back' };
  });
  return [...asked, ...replaced];
}

/** Some reads ask the replicas themselves, at one moment or one after the other. */
function withConsultations({ seed, operations }: Schedule<RegisterOperation>): Timed<RegisterOperation>[] {
  const random = seededRandom(seed, 'consultations');
  return operations.map((operation) => {
    if (operation.type !== 'read' || random() >= consultingShare) return operation;
    return { ...operation, type: 'consult', pauseMs: random() < 0.5 ? 0 : random() * longestPauseMs };
  });
}

function hasSpare(operations: readonly RegisterOperation[], node: NodeId): boolean {
  return operations.some((one) => one.type === 'replace' && one.node === node && one.former === 'back');
}

/**
 * Where links are cut, new disks are on either side, and among a majority in place of the former ones. What happens to one
 * node after it was replaced mostly happens to the new disk. Some replacements happen while links are cut between the
 * former disk with some others, and the new one with the rest.
 */
function withSpares(
  { seed, nodes, faults, operations }: Schedule<RegisterOperation>,
  { faults: kinds = registerSystem.survives }: PlanOptions,
): Timed<Fault>[] {
  const random = seededRandom(seed, 'spares');
  const moves = operations.filter(
    (operation): operation is Timed<Replace> => operation.type === 'replace' && operation.former === 'back',
  );
  const spares = nodes.filter((node) => hasSpare(operations, node));
  const swap = (node: NodeId): NodeId => (spares.includes(node) && random() < 0.5 ? sparePlace(node) : node);
  const drawn = faults.map((fault): Timed<Fault> => {
    if (fault.kind === 'majority' || fault.kind === 'ring') return { ...fault, nodes: fault.nodes.map(swap) };
    if ('node' in fault) {
      const isReplaced = moves.some(({ at, node }) => node === fault.node && at < fault.at);
      return isReplaced && random() < 0.75 ? { ...fault, node: sparePlace(fault.node) } : fault;
    }
    if (fault.kind !== 'partition') return fault;
    const groups = fault.groups.map((group) => [...group]);
    for (const node of spares) groups[drawIndex(random, groups.length)]!.push(sparePlace(node));
    return { ...fault, groups };
  });
  const cuts = moves.flatMap(({ at, node, by }): Timed<Fault>[] => {
    if (random() < 0.5 || !kinds.includes('partition')) return [];
    const former = nodes.filter((other) => other === node || (other !== by && random() < 0.4));
    const rest = nodes.filter((other) => !former.includes(other));
    const began = Math.max(0, at - random() * 50);
    const forMs = random() * 6000;
    return [{ at: began, kind: 'partition', forMs, groups: [former, [...rest, ...spares.map(sparePlace)]] }];
  });
  return [...drawn, ...cuts].sort((a, b) => a.at - b.at);
}

/** The node, and its cells. */
function describe(disk: ReadonlyMap<string, Uint8Array>): string[] {
  const lines: string[] = [];
  const records = [...disk].filter(([key]) => key >= liveKeys.from && key < liveKeys.to);
  for (const [key, bytes] of records.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const record = registerRecordCodec.decode(key, bytes);
    if (record.kind === 'cell') {
      const { counter, writer, packed } = record;
      lines.push(`${nameInKey(key)} = ${packed ?? 'deleted'} (${counter} ${writer})`);
    } else if (key === registerKeys.node && record.kind === 'node' && record.standing !== 'member')
      lines.push(record.standing === 'waiting' ? 'waits to be accepted' : 'copies what it must hold');
  }
  return lines;
}

import type { NodeId } from '@synod/kernel';
import {
  drawIndex,
  drawSchedule,
  faultKinds,
  forgetfulFaults,
  type Fault,
  type OperationDraw,
  type RunningSystem,
  type System,
  type Timed,
} from '@synod/simulator';
import { liveKeys, nameInKey, registerKeys, registerRecordCodec } from '../records.js';
import type { RegisterMessage } from '../messages.js';
import { RegisterCluster, registerAnswers, replicationOf } from './register-cluster.js';

/** What one client asks of one node. */
export interface RegisterOperation {
  readonly type: 'read' | 'write' | 'delete';
  readonly key: string;
  readonly node: NodeId;
}

/** In 30 s. */
const operations = 400;
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
  ] satisfies RegisterMessage['type'][],
  answers: registerAnswers,
  subjectOf: (message) => subjectOf(message as RegisterMessage),
  plan: (seed, options = {}) =>
    drawSchedule(registerSystem, seed, options, seed % 5 === 0 ? { pageCells: 1 } : {}, drawOperations),
  start({ seed, nodes, network, disk, limits, forMs }, probe): RunningSystem<RegisterOperation> {
    const cluster = new RegisterCluster({ seed, nodes, network, disk, limits, probe });
    const { simulation, history, answers } = cluster;
    for (let ms = judgeMs; ms < forMs; ms += judgeMs) simulation.after(ms, () => history.check());
    return {
      simulation,
      answers,
      allows: (fault) => isPromised(fault, cluster),
      operate: ({ type, key, node }) => {
        if (!simulation.isUp(node)) return false;
        cluster[type](node, key);
        return true;
      },
      settle: () => cluster.settle(),
      describe: (node) => describe(simulation.durable(node)),
    };
  },
};

/**
 * A node that lost its disk copies from all others: until it has, none of them can do without its own. One whose disk
 * forgot is given up as soon as a peer remembers what is gone: nothing is promised where one does not.
 */
function isPromised(fault: Fault, cluster: RegisterCluster): boolean {
  if (!forgetfulFaults.includes(fault.kind)) return true;
  if (cluster.nodes.some((node) => cluster.isRecovering(node))) return false;
  return fault.kind !== 'lying-fsync' || cluster.simulation.isWitnessed(fault.node, fault.kept);
}

function subjectOf(message: RegisterMessage): string {
  const request = 'request' in message ? [`request ${message.request.number}`] : [];
  return ['key' in message ? [message.key] : [], request].flat().join(', ');
}

function drawOperations({ random, nodes, scaled, moment }: OperationDraw): Timed<RegisterOperation>[] {
  const registers = [...replicationOf(nodes)];
  const deleted = new Set<string>();
  return Array.from({ length: scaled(operations) }, () => {
    const [key, { writer, replicas }] = registers[drawIndex(random, registers.length)]!;
    const any = replicas[drawIndex(random, replicas.length)]!;
    const at = moment();
    if (random() < 0.5) return { at, type: 'read', key, node: any };
    const node = writer === 'any' ? any : writer;
    const deletes = random() < 0.05 && !deleted.has(node + key);
    if (deletes) deleted.add(node + key);
    return { at, type: deletes ? 'delete' : 'write', key, node };
  });
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
    } else if (key === registerKeys.node && record.kind === 'node' && record.recovering)
      lines.push('copies what it lost');
  }
  return lines;
}

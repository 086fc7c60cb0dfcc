import { quorumSize, type NodeId } from '@synod/kernel';
import { showBallot } from '@synod/paxos';
import {
  drawFrom,
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
import type { Account } from '../accounts.js';
import type { LedgerProtocol } from '../protocol.js';
import type { AccountId, Durability, ShortPolicy } from '../transfer.js';
import { Clients } from './clients.js';
import { describeDisk } from './describe-disk.js';
import { SimulatedBank } from './simulated-bank.js';

/** What a client does: submits a transfer, and repeats it until it is told what became of it; or repeats one at will. */
export type LedgerOperation =
  | {
      readonly type: 'transfer';
      readonly id: string;
      readonly from: AccountId;
      readonly to: AccountId;
      readonly amount: number;
      readonly short: ShortPolicy;
      readonly durability: Durability;
    }
  | { readonly type: 'repeat'; readonly id: string }
  /** An operator replaces a server that is dead, or cut off and back at the end; the replacement crashes meanwhile. */
  | { readonly type: 'replace'; readonly server: NodeId; readonly cutOff: boolean; readonly rebootMs: number };

/** In 30 s. */
const transfers = 200;
/** How often, in virtual ms, the order of execution is judged while the run goes on. */
const judgeMs = 5000;

/**
 * A ledger. In all runs: one chain, without gaps, each (owner, sequence) once; no balance below 0 at any prefix, and a
 * constant sum; what was acknowledged is durable, what was refused is never applied, a repeat is told the same; each
 * account's transfers are executed as they arrived; after healing all chains are equal, and no queue's head is covered.
 */
export const ledgerSystem: System<LedgerOperation> = {
  name: 'ledger',
  survives: faultKinds.filter((kind) => kind !== 'lost-write'), // which nobody can notice
  messages: [
    'prepare',
    'promise',
    'nack',
    'accept',
    'accepted',
    'commit',
    'withdraw',
    'status',
    'fetch',
    'blocks',
    'snapshot',
    'backfill',
    'history',
    'introduce',
    'acquainted',
  ] satisfies LedgerProtocol['message']['type'][],
  subjectOf(message) {
    const { ballot, height } = message as LedgerProtocol['message'];
    return `ballot ${showBallot(ballot)}, height ${height}`;
  },
  answers: ['local', 'consensus', 'pending', 'rejected', 'replaced'],
  plan(seed, options = {}) {
    const pages: Record<string, number> = seed % 7 === 0 ? { gatherEntries: 3, pageEntries: 4 } : {};
    const snapshots: Record<string, number> = seed % 4 === 3 ? {} : { snapshotEntries: seed % 5 };
    const limits = { accountsPerServer: seed % 3 === 0 ? 2 : 1, ...pages, ...snapshots };
    return drawSchedule(ledgerSystem, seed, options, limits, (draw) => [
      ...drawOperations(draw, accountsOf(draw, limits)),
      ...drawReplacements(draw, seed),
    ]);
  },
  start({ seed, nodes, network, disk, limits: { accountsPerServer = 1, ...limits }, forMs, operations }, probe) {
    const accounts = accountsOf({ nodes }, { accountsPerServer });
    const replacements = operations.flatMap((operation) => (operation.type === 'replace' ? [operation.server] : []));
    const bank = new SimulatedBank({ seed, servers: nodes, replacements, accounts, network, disk, limits, probe });
    const clients = new Clients(bank);
    const answers: Record<string, number> = clients.answers;
    const replaced = (): void => void (answers['replaced'] = (answers['replaced'] ?? 0) + 1);
    const { simulation } = bank;
    for (let ms = judgeMs; ms < forMs; ms += judgeMs) simulation.after(ms, () => clients.checkOrder());
    return {
      simulation,
      answers,
      allows: (fault) => isPromised(fault, bank),
      operate: (operation) =>
        operation.type === 'replace'
          ? bank.replace(operation.server, operation, replaced)
          : operate(clients, operation),
      settle() {
        simulation.runUntil(() => bank.allReplaced, { within: 20_000, goal: 'that every replacement takes part' });
        simulation.runUntil(() => clients.allTold, { within: 20_000, goal: 'that every client is told' });
        bank.settle(60_000);
        clients.repeatAll();
        clients.checkOrder();
      },
      describe: (node) => describeDisk(simulation.durable(node)),
    } satisfies RunningSystem<LedgerOperation>;
  },
};

/**
 * A server without its first disk never serves again; a majority must. One whose disk forgot is out as soon as a peer
 * remembers what is gone: nothing is promised where one does not.
 */
function isPromised(fault: Fault, { servers, firm, simulation }: SimulatedBank): boolean {
  if (!forgetfulFaults.includes(fault.kind)) return true;
  if (firm.length <= quorumSize(servers.length)) return false;
  return fault.kind !== 'lying-fsync' || simulation.isWitnessed(fault.node, fault.kept, firm);
}

function operate(clients: Clients, operation: Exclude<LedgerOperation, { type: 'replace' }>): boolean {
  if (operation.type === 'repeat') return clients.repeat(operation.id);
  const { id, from, to, amount, short, durability } = operation;
  const transfer = { id, from, to, amount: BigInt(amount) };
  clients.submit({ type: 'transfer', transfer, short, durability, gather: undefined });
  return true;
}

function accountsOf({ nodes }: Pick<OperationDraw, 'nodes'>, { accountsPerServer = 1 }): Account[] {
  return nodes.flatMap((home, i) => [
    { id: home, home, initial: 100n },
    ...(accountsPerServer > 1 ? [{ id: `A${i + 1}`, home, initial: 50n }] : []),
  ]);
}

function drawOperations(
  { random, scaled, moment }: OperationDraw,
  accounts: readonly Account[],
): Timed<LedgerOperation>[] {
  const anyAccount = (): AccountId => accounts[drawIndex(random, accounts.length)]!.id;
  return Array.from({ length: scaled(transfers) }, (_, i) => {
    const at = moment();
    const from = random() < 0.5 ? accounts[0]!.id : anyAccount(); // one account is short more often than the others
    const others = accounts.filter(({ id }) => id !== from);
    const to = others[drawIndex(random, others.length)]!.id;
    const amount = Math.ceil(drawFrom(random, random() < 0.7 ? [0, 40] : [40, 160]));
    const short = random() < 0.5 ? 'queue' : 'reject';
    const durability = random() < 0.2 ? 'committed' : 'local';
    const id = `t${i + 1}`;
    const operations: Timed<LedgerOperation>[] = [{ at, type: 'transfer', id, from, to, amount, short, durability }];
    if (random() < 0.5) operations.push({ at: at + random() * 500, type: 'repeat', id });
    return operations;
  }).flat();
}

/** In two runs of three one server is replaced, in one of six two are. */
function drawReplacements({ random, nodes, moment }: OperationDraw, seed: number): Timed<LedgerOperation>[] {
  const count = seed % 6 === 0 ? 2 : seed % 3 === 0 ? 0 : 1;
  return Array.from({ length: count }, () => ({
    at: moment(),
    type: 'replace',
    server: nodes[drawIndex(random, nodes.length)]!,
    cutOff: random() < 0.5,
    rebootMs: drawFrom(random, [0, 2000]),
  }));
}

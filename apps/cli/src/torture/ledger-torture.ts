import { quorumSize, type NodeId, type Random } from '@synod/kernel';
import { failpointNames } from '@synod/paxos-server';
import { drawIndex, seededRandom } from '@synod/simulator';
import { temporaryCluster, type TemporaryCluster } from '../local-cluster/temporary-cluster.js';
import { drawOne, shuffled } from '../nemesis/draw-fault.js';
import { faultClasses } from '../nemesis/fault.js';
import { FailpointHunt } from '../nemesis/failpoint-hunt.js';
import { FaultyServers } from '../nemesis/faulty-servers.js';
import { killAtFirstMeetings } from '../nemesis/first-meetings.js';
import { Nemesis, showEvent, type FaultEvent } from '../nemesis/nemesis.js';
import { monotonicTime } from '../record/monotonic-time.js';
import { pause } from '../record/pause.js';
import { settleAll } from '../record/settle-all.js';
import { countFaults } from '../record/summary.js';
import { keepingEvidence, passingEvidence, wantedEvidence } from './evidence.js';
import { countHits, hasOpen, planFailpoints, type FailpointPlan } from './failpoint-plan.js';
import { Inspector } from './inspector.js';
import { forever, lasting, lastingAtMost } from './lasting.js';
import { examineLedger } from './ledger-evidence.js';
import {
  openClasses,
  reportOf,
  secondsForAllFailpoints,
  secondsForTheRest,
  type TortureOptions,
  type TortureReport,
} from './report.js';
import { Tellers } from './tellers.js';

/** So many that some work while the others wait for a home that is down. */
const clients = 48;
/** What each account starts with. */
const initial = 1000;
/** The part of the time after which disks are lost: no server comes back from that. */
const beforeDisks = 0.8;
/** So few that a server which was away for seconds is sent a snapshot, and one that missed a block that block. */
const snapshotEntries = 30;
/** How long the servers may take to come to rest, ms. */
const restMs = 120_000;

/** Lets money be transferred under faults, and audits what is left. Rejects with `SynodError`. */
export async function tortureLedger(options: TortureOptions): Promise<TortureReport> {
  const { servers, classes, tell, interrupted } = options;
  const plan = planFailpoints(failpointNames, classes);
  const caught: string[] = [];
  const onCaught = (server: NodeId, name: string) => {
    caught.push(name);
    tell(`killed ${server} at ${name}`);
  };
  const wanted = await wantedEvidence(options.output);
  const temporary = await temporaryCluster(
    servers,
    { initial },
    {
      serverFlags: ['--snapshot-entries', String(snapshotEntries)],
      before: (processes) => killAtFirstMeetings(plan.atMeetings, processes, { onCaught, interrupted }),
      interrupted,
    },
  );
  const { path, file } = wanted ?? (await passingEvidence(temporary, 'dump.json'));
  return keepingEvidence(temporary, `synod check --ledger ${path}`, async () => {
    const ordeal = new Ordeal(temporary, options);
    ordeal.faulty.snares.onCaught = onCaught;
    try {
      await Promise.race([interrupted, ordeal.faulty.failed, ordeal.run(plan, caught)]);
      const findings = await Promise.race([interrupted, ordeal.findings()]);
      await file.writeFile(findings.dump);
      const failpoints = countHits(plan, caught);
      return reportOf({ ...findings.report, failpoints }, options.seconds);
    } finally {
      ordeal.close();
      await file.close();
    }
  });
}

/** One torture of a ledger that runs. */
class Ordeal {
  readonly faulty: FaultyServers;
  readonly #local: TemporaryCluster['local'];
  readonly #options: TortureOptions;
  readonly #random: Random;
  readonly #tellers: Tellers;
  readonly #inspector: Inspector;
  readonly #faults: FaultEvent[] = [];
  /** While clients work. */
  readonly #time = lasting(forever / 1000);
  #ms = 0;

  constructor({ local }: TemporaryCluster, options: TortureOptions) {
    const { seed, perSecond } = options;
    const { servers, ledger, cluster } = local;
    this.#local = local;
    this.#options = options;
    this.#random = seededRandom(seed, 'disks');
    this.faulty = new FaultyServers({ local, lostDisk: 'stays out', seed });
    this.#tellers = new Tellers({ cluster, clients, seed, perSecond });
    const total = cluster.ledger.accounts.reduce((sum, account) => sum + account.initial, 0n);
    this.#inspector = new Inspector({ ledger, servers, total, seed });
  }

  /** Resolves when all is healed, and has come to rest. */
  async run(plan: FailpointPlan, caught: readonly string[]): Promise<void> {
    const { seed } = this.#options;
    const { servers } = this.#local;
    const began = performance.now();
    this.#tellers.start();
    const { signal, release } = this.#time;
    const hunt = new FailpointHunt({ snares: this.faulty.snares, servers, names: plan.atWork, seed, signal });
    const rage = this.#rage(signal, () => hasOpen(plan, caught)).finally(release);
    try {
      await settleAll([rage, hunt.run(), this.#inspector.run(signal)].map((work) => guarded(work, release)));
    } finally {
      release();
      await this.#tellers.stop();
    }
    this.#ms = performance.now() - began;
    await this.#comeToRest();
  }

  async findings() {
    const { lost } = this.faulty;
    const { dump, problems, transfersLost } = await examineLedger(this.#local, this.#tellers, lost);
    const { executed, refused, pending, unknown } = this.#tellers.fates;
    const operations = {
      executed: executed.length,
      rejected: refused.length,
      pending: pending.length,
      unknown: unknown.length,
    };
    return {
      dump,
      report: {
        ...({ system: 'ledger', seed: this.#options.seed, servers: this.#local.servers.length, operations } as const),
        milliseconds: Math.round(this.#ms),
        perSecond: Math.round((1000 * (this.#tellers.made - unknown.length)) / this.#ms),
        longestGapMs: Math.round(this.#tellers.longestGapMs),
        faults: countFaults(this.#faults),
        lost: { servers: [...lost], transfers: transfersLost },
        problems: [...problems, ...this.#inspector.problems],
      },
    };
  }

  /** Ends all that goes on. */
  close(): void {
    this.#time.release();
    this.#tellers.close();
    this.faulty.snares.close();
  }

  /** Faults that heal; then, when all is healed, disks that are lost for good. Ends by itself, or with the signal. */
  async #rage(signal: AbortSignal, hasOpenFailpoints: () => boolean): Promise<void> {
    const { classes, seconds, seed } = this.#options;
    const others = classes.filter((it) => it !== 'disk');
    const isOpen = () =>
      openClasses(others, this.#faults).length > 0 || (seconds >= secondsForAllFailpoints && hasOpenFailpoints());
    const part = classes.includes('disk') ? beforeDisks : 1;
    await lastingAtMost(signal, part * seconds, { isOpen, seconds: secondsForTheRest }, async (until) => {
      const log = (event: FaultEvent) => this.#log(event);
      const options = { breakable: this.faulty, classes: others, replicaSets: [this.#local.servers], seed, log };
      if (others.length > 0) await new Nemesis({ ...options, signal: until }).run();
      else await pause(forever, until);
    });
    if (part === 1) return;
    await lastingAtMost(signal, (1 - part) * seconds, undefined, async (until) => {
      await this.#loseDisks(until);
      await pause(forever, until);
    });
  }

  /** Of a minority at most; each in its own way. */
  async #loseDisks(signal: AbortSignal): Promise<void> {
    const { servers } = this.#local;
    const minority = servers.length - quorumSize(servers.length);
    for (const node of shuffled(this.#random, servers).slice(0, 1 + drawIndex(this.#random, minority))) {
      if (signal.aborted && this.faulty.lost.size > 0) return;
      const fault = { kind: drawOne(this.#random, faultClasses.disk), node };
      const began = monotonicTime();
      await this.faulty.make(fault);
      this.#log({ step: 'made', fault, began, ended: monotonicTime() });
    }
  }

  #log(event: FaultEvent): void {
    this.#faults.push(event);
    this.#options.tell(showEvent(event));
  }

  /** All that have a disk are up and linked, everything is asked for again, and nobody decides anything any more. */
  async #comeToRest(): Promise<void> {
    const local = this.#local;
    await this.faulty.settled();
    const left = local.servers.filter((server) => !this.faulty.lost.has(server));
    for (const server of left) await local.untilTakingPart(server);
    await local.settle(left, restMs);
    await this.#tellers.askAgain(this.faulty.lost);
    const isIdle = ({ status }: { status: { round: unknown; undecided: number } }) =>
      !status.round && status.undecided === 0;
    await local.board.until(left, isIdle, 'come to rest', restMs);
    await local.settle(left, restMs);
  }
}

/** What fails ends the others. */
async function guarded(work: Promise<void>, release: () => void): Promise<void> {
  try {
    await work;
  } catch (error) {
    release();
    throw error;
  }
}

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { benchReport, type BenchReport } from './bench-report.js';
import type { LoadResult } from './load.js';
import { isInMemory, machineFacts } from './machine-facts.js';
import type { BenchPlan } from './plan.js';
import { usageOf } from './process-usage.js';
import { openStage } from './stages/open-stage.js';
import type { Stage } from './stages/stage.js';
import { syncRate } from './sync-rate.js';

/** How long the disk alone is measured, before and after. */
const diskSeconds = 0.25;

export interface BenchRun {
  readonly plan: BenchPlan;
  /** What was typed, for the report. */
  readonly command: string;
  /** Gives up the run when it rejects. */
  readonly interrupted: Promise<never>;
  /** What is under way, for people. */
  readonly tell: (line: string) => void;
}

/** Starts processes, measures them, ends them and removes their data. Rejects with `SynodError`. */
export async function runBench(run: BenchRun): Promise<BenchReport> {
  const { plan } = run;
  const parent = plan.data ?? tmpdir();
  await mkdir(parent, { recursive: true });
  const directory = await mkdtemp(join(parent, 'synod-bench-'));
  try {
    return await runIn(directory, run);
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function runIn(directory: string, run: BenchRun): Promise<BenchReport> {
  const { plan, command, interrupted, tell } = run;
  const hasDisk = plan.connect === undefined && plan.system !== 'transport';
  const syncsBefore = hasDisk ? await syncRate(directory, diskSeconds) : 0;
  tell('starting …');
  const opening = openStage(plan, directory);
  const stage = await Promise.race([interrupted, opening]).catch(async (error: unknown) => {
    await opening.then((opened) => opened.close()).catch(() => {});
    throw error;
  });
  try {
    const work = measure(stage, plan, tell);
    const measured = await Promise.race([interrupted, stage.failed, work]);
    const disk = hasDisk
      ? {
          inMemory: await isInMemory(directory),
          syncsPerSecond: (syncsBefore + (await syncRate(directory, diskSeconds))) / 2,
        }
      : undefined;
    return benchReport({ ...measured, plan, disk, machine: machineFacts(), command, date: new Date() });
  } finally {
    await stage.close();
  }
}

async function measure(stage: Stage, plan: BenchPlan, tell: (line: string) => void) {
  const { drivers } = stage;
  const usages = () => new Map(stage.processes.map(({ name, pid }) => [name, usageOf(pid)]));
  tell(`warming up for ${plan.warmUpSeconds} s …`);
  const load = {
    inFlight: Math.max(1, Math.round(plan.inFlight / drivers.length)),
    rate: plan.rate && plan.rate / drivers.length,
  };
  await Promise.all(drivers.map((driver) => driver.order({ do: 'load', load })));
  await sleep(plan.warmUpSeconds * 1000);
  tell(`measuring for ${plan.seconds} s …`);
  const countersBefore = await stage.counters();
  const before = usages();
  await Promise.all(drivers.map((driver) => driver.order({ do: 'measure' })));
  await sleep(plan.seconds * 1000);
  const stopping = drivers.map((driver) => driver.order({ do: 'stop' }, 'result'));
  const after = usages();
  const countersAfter = await stage.counters();
  const results: LoadResult[] = (await Promise.all(stopping)).map(({ result }) => result);
  tell('looking at what was acknowledged …');
  const verification = await stage.verify();
  const processes = stage.processes.map((one) => ({
    ...one,
    before: before.get(one.name),
    after: after.get(one.name),
  }));
  const counters = Object.fromEntries(
    Object.entries(countersAfter).map(([name, count]) => [name, count - (countersBefore[name] ?? 0)]),
  );
  return { results, processes, counters, verification };
}

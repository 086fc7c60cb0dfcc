import { failpointNames } from '@synod/register-server';
import { decide, loadHistory } from '../check/judge.js';
import { FailpointHunt } from '../nemesis/failpoint-hunt.js';
import { killAtFirstMeetings } from '../nemesis/first-meetings.js';
import { showEvent, type FaultEvent } from '../nemesis/nemesis.js';
import { ownCluster, type OwnCluster } from '../record/recorded-cluster.js';
import { record, type RecordingOptions } from '../record/recording.js';
import { serverSubject } from '../record/server-subject.js';
import { summarise } from '../record/summary.js';
import { keepingEvidence, passingEvidence, wantedEvidence, type Evidence } from './evidence.js';
import { erase } from './eraser.js';
import { countHits, hasOpen, planFailpoints, type FailpointPlan } from './failpoint-plan.js';
import { lasting } from './lasting.js';
import {
  openClasses,
  reportOf,
  secondsForAllFailpoints,
  secondsForTheRest,
  type TortureOptions,
  type TortureReport,
} from './report.js';

const clients = 16;
const keys = 5;
const gone = 'gone/';

/** Lets registers be read and written under faults, and decides what clients saw. Rejects with `SynodError`. */
export async function tortureRegisters(options: TortureOptions): Promise<TortureReport> {
  const { servers, seconds, classes, seed, tell, interrupted } = options;
  const plan = planFailpoints(failpointNames, classes);
  const caught: string[] = [];
  const onCaught = (server: string, name: string) => {
    caught.push(name);
    tell(`killed ${server} at ${name}`);
  };
  const wanted = await wantedEvidence(options.output);
  const cluster = await ownCluster({
    ...{ servers, clients, keys, seed, interrupted, patterns: [`${gone}*`] },
    before: (processes) => killAtFirstMeetings(plan.atMeetings, processes, { onCaught, interrupted }),
  });
  const evidence = wanted ?? (await passingEvidence(cluster, 'history.jsonl'));
  return keepingEvidence(cluster, `synod check ${evidence.path}`, async () => {
    cluster.faulty.snares.onCaught = onCaught;
    const faults: FaultEvent[] = [];
    const isOpen = () =>
      openClasses(classes, faults).length > 0 || (seconds >= secondsForAllFailpoints && hasOpen(plan, caught));
    const time = lasting(seconds, { isOpen, seconds: secondsForTheRest });
    const log = (event: FaultEvent) => {
      faults.push(event);
      tell(showEvent(event));
    };
    try {
      const recording = record({ ...ordeal(cluster, plan, evidence, options, log), signal: time.signal });
      await Promise.race([interrupted, cluster.failed, recording]);
    } finally {
      time.release();
    }
    const history = await loadHistory(evidence.path);
    const { operations, milliseconds, longestGapMs, faults: made } = summarise(history, faults);
    const last = history.slice(-servers * keys).filter(({ outcome }) => outcome !== 'ok');
    return reportOf(
      {
        ...{ system: 'register', seed, servers, operations, milliseconds, longestGapMs, faults: made },
        perSecond: Math.round((1000 * operations.ok) / milliseconds),
        failpoints: countHits(plan, caught),
        judgement: decide(evidence.path, history),
        problems: last.map(({ key }) => `${key} could not be read after all was healed`),
      },
      seconds,
    );
  });
}

/** What is done to the servers, and by clients, until time is over; then all must come to rest. */
function ordeal(
  { local, faulty, subjects, keys }: OwnCluster,
  { atWork: names, ofRecovery }: FailpointPlan,
  { file }: Evidence,
  { classes, perSecond, seed }: TortureOptions,
  log: (event: FaultEvent) => void,
): Omit<RecordingOptions, 'signal'> {
  const { servers } = local;
  const { snares } = faulty;
  snares.ofRecovery = {
    atServer: ofRecovery.filter((name) => name.startsWith('page:')),
    atPeers: ofRecovery.filter((name) => name.startsWith('copy:')),
  };
  return {
    ...{ subjects, keys, clients, readShare: 0.5, perSecond, seed },
    output: file.createWriteStream(),
    nemesis: { breakable: faulty, replicaSets: [servers], classes, log },
    beside: [
      (signal) => new FailpointHunt({ snares, servers, names, seed, signal }).run(),
      (signal, recorder) => erase({ client: local.client, prefix: gone, seed, recorder, signal }),
    ],
    atRest: async () => {
      await faulty.settled();
      for (const server of servers) await local.untilTakingPart(server);
    },
    last: servers.map((server) => serverSubject(local, server)),
  };
}

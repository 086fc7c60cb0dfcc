import type { NodeId, TracedMessage } from '@synod/kernel';

const keptRounds = 20;

/** One round of Paxos, as the messages of its leader show it. Servers in the order in which they answered. */
export interface Round {
  /** Ballot and height, as messages name them. */
  readonly subject: string;
  readonly leader: NodeId;
  /** Unix time of its first message, microseconds. */
  readonly beganUs: number;
  readonly endedUs: number;
  readonly phase: 'prepare' | 'accept' | 'committed' | 'empty';
  readonly promised: readonly NodeId[];
  readonly accepted: readonly NodeId[];
  readonly refused: readonly NodeId[];
}

/** With a message: rounds are known by their subject; the oldest are forgotten. */
export function addToRounds(rounds: readonly Round[], message: TracedMessage): readonly Round[] {
  const { sent, from, to, type, subject, timeUs } = message;
  const isOfLeader = leaderTypes.has(type) && sent;
  const isReply = replyTypes.has(type) && !sent;
  if (!isOfLeader && !isReply) return rounds;
  const leader = isReply ? to : from;
  const index = rounds.findLastIndex((round) => round.subject === subject && round.leader === leader);
  if (index < 0) {
    if (type !== 'prepare') return rounds; // it began before anybody watched
    // A server promises itself too; only what travels is traced.
    const times = { beganUs: timeUs, endedUs: timeUs };
    const begun: Round = { subject, leader, ...times, phase: 'prepare', promised: [leader], accepted: [], refused: [] };
    return [...rounds, begun].slice(-keptRounds);
  }
  const round = advance(rounds[index]!, type, from);
  return round === rounds[index] ? rounds : rounds.with(index, { ...round, endedUs: timeUs });
}

const leaderTypes = new Set(['prepare', 'accept', 'commit', 'withdraw']);
const replyTypes = new Set(['promise', 'accepted', 'nack']);

function advance(round: Round, type: string, from: NodeId): Round {
  switch (type) {
    case 'promise':
      return { ...round, promised: withServer(round.promised, from) };
    case 'accept':
      return round.phase === 'prepare' ? { ...round, phase: 'accept', accepted: [round.leader] } : round;
    case 'accepted':
      return { ...round, accepted: withServer(round.accepted, from) };
    case 'nack':
      return { ...round, refused: withServer(round.refused, from) };
    case 'commit':
      return { ...round, phase: 'committed' };
    case 'withdraw':
      return { ...round, phase: 'empty' };
    default:
      return round;
  }
}

function withServer(servers: readonly NodeId[], server: NodeId): readonly NodeId[] {
  return servers.includes(server) ? servers : [...servers, server];
}

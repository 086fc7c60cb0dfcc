import { join, span, type Line } from '../layout/line.js';
import { rate, shortBallot } from '../layout/text.js';
import { fitBoth } from '../layout/width.js';
import { servesLedger, topHeight, type Model } from '../model/model.js';
import { stateOf } from '../model/server-model.js';
import { stateSigns } from '../views/server-sign.js';

/** The whole cluster in one line: who is up, how far the chain is, who leads, how fast it goes. */
export function header(model: Model, columns: number): Line {
  const { cluster, servers, chain, set, plan } = model;
  const states = servers.map((server) => ({ id: server.id, state: stateOf(server) }));
  const up = states.filter(({ state }) => state === 'up').length;
  const others = states.filter(({ state }) => state !== 'up');
  const { sign, style } = stateSigns.up;
  const left = join(
    span(' Synod ', 'strong'),
    cluster === '' ? '' : span(`${cluster} `, 'quiet'),
    servers.length === 0
      ? span(' connecting …', 'quiet')
      : span(` ${sign} ${up} of ${servers.length} up`, up === servers.length ? style : 'warn'),
    ...others.map(({ id, state }) => span(`  ${stateSigns[state].sign} ${id} ${state}`, stateSigns[state].style)),
    chain.forks.length > 0 ? span('  ✗ FORK: see Blocks', 'bad') : '',
  );
  const speed = servers.reduce(
    (sum, { reach, rates }) => sum + (reach === 'answers' ? (rates.values.at(-1) ?? 0) : 0),
    0,
  );
  const leader = servers.find(({ reach, ledger }) => reach === 'answers' && ledger?.status.round);
  const round = leader?.ledger?.status.round;
  const right = join(
    round ? span(`▸ ${leader.id} leads ${shortBallot(round.ballot)} ${round.phase}  `, 'accent') : '',
    servesLedger(model) ? `height ${topHeight(model)}  ` : '',
    `${rate(speed)}/s  `,
    plan ? span(`set ${set?.name ?? '–'} ${plan.begun}/${plan.sets} `, 'quiet') : '',
  );
  return fitBoth(left, right, columns);
}

import { join, span, type Line, type Span } from '../../layout/line.js';
import { shortBallot } from '../../layout/text.js';
import type { Model } from '../../model/model.js';
import type { Round } from '../../model/rounds.js';

/** Who leads which round now and how far it is, or how the last one ended. */
export function roundLines(model: Model): Line[] {
  const led = model.servers.flatMap(({ id, ledger, reach }) => {
    const round = reach === 'answers' ? ledger?.status.round : undefined;
    return round ? [{ leader: id, round }] : [];
  });
  const last = model.rounds.at(-1);
  if (led.length === 0) {
    const none = span('none yet: transfers that are covered need none', 'quiet');
    return last ? traced(last, model, false) : [join(title, none)];
  }
  // Messages tell more than reports, as far as they are traced.
  return led.flatMap(({ leader, round }) => {
    const own = model.rounds.findLast((one) => one.leader === leader);
    const isOpen = own?.phase === 'prepare' || own?.phase === 'accept';
    if (own && isOpen) return traced(own, model, true);
    return [join(title, `ballot ${shortBallot(round.ballot)} led by ${leader}  `, span(`▸ ${round.phase}`, 'accent'))];
  });
}

const title = span('Round  ', 'strong');

function traced(
  { subject, leader, phase, promised, accepted, refused, beganUs, endedUs }: Round,
  model: Model,
  isRunning: boolean,
): Line[] {
  const servers = model.servers.length;
  const took = isRunning ? '' : `  ${((endedUs - beganUs) / 1000).toFixed(1)} ms`;
  return [
    join(title, `${subject} led by ${leader}  `, showPhase(phase, isRunning), span(took, 'quiet')),
    join(
      `       promised ${promised.length} of ${servers}: ${promised.join(' ')}`,
      accepted.length === 0 ? '' : `   accepted ${accepted.length} of ${servers}`,
      refused.length === 0 ? '' : span(`   refused by ${refused.join(' ')}`, 'warn'),
    ),
  ];
}

function showPhase(phase: Round['phase'], isRunning: boolean): Span {
  if (phase === 'committed') return span('✓ committed', 'good');
  if (phase === 'empty') return span('∅ nothing to gather', 'quiet');
  return isRunning ? span(`▸ ${phase}`, 'accent') : span(`✗ ended in ${phase}`, 'warn');
}

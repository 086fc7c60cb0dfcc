import { describe, expect, test } from '@jest/globals';
import type { TracedMessage } from '@synod/kernel';
import { after, failover, five, freshBank, noonMs, playing, roundMessages } from '../../testing/bank.js';
import { large, small, viewFrame } from '../../testing/frame.js';
import type { Model } from '../../model/model.js';
import { freshView, type ViewState } from '../view.js';
import { timelineJson } from './timeline-json.js';
import { timelineSvg } from './timeline-svg.js';
import { timelineView } from './timeline.js';
import { timeScale } from './time-scale.js';

const body = { ...small, rows: small.rows - 4 };
const show = (model: Model, state: Partial<ViewState> = {}, size = body) => viewFrame('timeline', model, state, size);
const traced = (...messages: readonly TracedMessage[]) => after(freshBank(), { type: 'messages', messages, missed: 0 });
const message = (ms: number, sent: boolean, changes: Partial<TracedMessage> = {}): TracedMessage => {
  return { timeUs: (noonMs + ms) * 1000, sent, from: 'S1', to: 'S2', type: 'prepare', subject: 'one', ...changes };
};

describe('the diagram', () => {
  test('of a failover: who led is killed, another one leads', () => expect(show(failover())).toMatchSnapshot());
  test('of a failover at 200×60', () => expect(show(failover(), {}, large)).toMatchSnapshot());
  test('of a round that runs: what has not arrived is under way', () => expect(show(playing())).toMatchSnapshot());
  test('one row for each message', () => expect(show(playing(), { zoom: 1 })).toMatchSnapshot());
  test('one row for each end of each message', () => expect(show(playing(), { zoom: 2 })).toMatchSnapshot());
  test('filtered', () => expect(show(failover(), { filter: 'prepare' })).toMatchSnapshot());
  test('before any message', () => expect(show(freshBank())).toContain('No message yet'));

  test('of nine servers has a lane for each, at 80 columns', () => {
    const servers = Array.from({ length: 9 }, (_, i) => `S${i + 1}`);
    const messages = roundMessages({ round: 1, leader: 'S5', height: 1 }, { servers });
    expect(show(after(freshBank(servers), { type: 'messages', messages, missed: 0 }))).toMatchSnapshot();
  });

  test('of registers has letters of its own', () => {
    const read = { type: 'read', subject: 'config/a, request 7' };
    const value = { ...read, type: 'value', from: 'S2', to: 'S1' };
    const write = { type: 'write', subject: 'config/a, request 8' };
    const ack = { ...write, type: 'ack', from: 'S2', to: 'S1' };
    const all = [message(0, true, read), message(1, false, read), message(1.1, true, value), message(2, false, value)];
    const writes = [message(3, true, write), message(4, false, write), message(4.1, true, ack), message(5, false, ack)];
    expect(show(traced(...all, ...writes))).toMatchSnapshot();
  });

  test('leaves background messages out until they are asked for', () => {
    const model = traced(message(0, true, { type: 'status' }), message(1, false, { type: 'status' }));
    expect(show(model)).toContain('No message yet');
    expect(show(model, { background: true })).toContain('s►│');
  });

  test('says how many messages it does not know', () => {
    expect(show(after(playing(), { type: 'messages', messages: [], missed: 7 }))).toContain('! 7 messages missing');
  });

  test('who is asked again stands in a new row', () => {
    const again = [0, 50].flatMap((ms) => [message(ms, true), message(ms + 1, false)]);
    expect(show(traced(...again)).match(/ms prepare/g)).toHaveLength(2);
  });

  test('a type that is not known is drawn all the same', () => {
    expect(show(traced(message(0, true, { type: 'gossip' }), message(1, false, { type: 'gossip' })))).toContain('?►│');
  });
});

test('row by row back in time it comes to the first one, also where rows have one time', () => {
  const model = failover();
  const size = { ...body, rows: 8 };
  const draw = (state: ViewState) => show(model, state, size);
  const top = draw(timelineView.move(model, freshView, 'first', size));
  let state = freshView;
  while (draw(state) !== top) {
    const before = draw(state);
    state = timelineView.move(model, state, -1, size);
    expect(draw(state)).not.toBe(before);
  }
  expect(draw(timelineView.move(model, state, -1, size))).toBe(top);
});

test('back in time it stands still while messages come; at the end it follows', () => {
  const model = failover();
  const size = { ...body, rows: 11 };
  const back = timelineView.move(model, freshView, -3, size);
  const stood = show(model, back, size);
  expect(stood).toContain('stands still');
  const next = roundMessages({ round: 3, leader: 'S3', height: 3 }, { beginMs: 9_000, silent: ['S1'] });
  const later = after(model, { type: 'messages', messages: next, missed: 0 });
  expect(show(later, back, size)).toBe(stood);
  expect(timelineView.move(later, back, 'last', size).cursor).toBeUndefined();
});

describe('the picture', () => {
  const svg = timelineSvg(failover());

  test('is as it was drawn before', () => expect(svg).toMatchSnapshot());

  test('has a lane for each server, and an arrow or a broken line for each message', () => {
    const sent = [...failover().trace.messages].filter((one) => one.sent).length;
    expect(svg.match(/<g><title>/g)).toHaveLength(sent);
    expect(svg.match(/stroke-dasharray="5 4"/g)).toHaveLength(3); // what was sent to S1 after it was killed
    for (const server of five) expect(svg).toContain(`>${server}</text>`);
    expect(svg).toContain('✗ down');
  });

  test('of names that mean something in XML is still XML', () => {
    const drawn = timelineSvg(traced(message(0, true, { subject: '<script>"&\u0000' })));
    expect(drawn).toContain('&lt;script&gt;&quot;&amp;\ufffd');
    expect(drawn).not.toContain('<script>');
  });

  test('of nothing is a picture too', () => expect(timelineSvg(freshBank())).toContain('no messages'));
});

test('the exported JSON has every message with its times and fate', () => {
  const { servers, messages, states } = JSON.parse(timelineJson(failover())) as Record<string, unknown[]>;
  expect(servers).toEqual(five);
  expect(messages).toHaveLength([...failover().trace.messages].filter((one) => one.sent).length);
  const subject = 'ballot (2, S2), height 2';
  const lost = {
    type: 'prepare',
    subject,
    from: 'S2',
    to: 'S1',
    sentUs: (noonMs + 6_000) * 1000 + 10,
    receivedUs: null,
    fate: 'lost',
  };
  expect(messages).toContainEqual(lost);
  expect(states).toEqual([{ timeUs: (noonMs + 5_000) * 1000, server: 'S1', state: 'down' }]);
});

test('the axis of time goes on, tells moments apart, and shortens idle time', () => {
  const { x, breaks, width } = timeScale([5_000_000, 0, 1, 301, 301]);
  expect([0, 1, 301, 5_000_000].map(x)).toEqual([0, 3, 3 + 36, 3 + 36 + 60]);
  expect(breaks).toHaveLength(1);
  expect(width).toBe(x(5_000_000));
});

import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Feed, Want } from './feed.js';
import { screen } from './chrome/screen.js';
import { textOf } from './layout/line.js';
import { Session } from './session.js';
import { cluster, event, failover, five, freshBank, noonMs, report } from './testing/bank.js';
import { NotedCommands, rows } from './testing/commands.js';
import { small } from './testing/frame.js';
import type { Input, News } from './model/input.js';

class HandFeed implements Feed {
  readonly wants: (Want | undefined)[] = [];
  isOpen = false;
  #deliver: (inputs: readonly Input[]) => void = () => undefined;

  start(deliver: (inputs: readonly Input[]) => void): () => void {
    this.#deliver = deliver;
    this.isOpen = true;
    return () => (this.isOpen = false);
  }

  want(want: Want | undefined): void {
    this.wants.push(want);
  }

  tell(...news: readonly News[]): void {
    this.#deliver(news.map((one) => ({ timeMs: noonMs, news: one })));
  }
}

let feed: HandFeed;
let commands: NotedCommands;
let session: Session;
let saved: string[];
let remembered: string[];
let left: number;
let frames: number;

const open = (table = rows) => {
  feed = new HandFeed();
  commands = new NotedCommands(table);
  [saved, remembered, left, frames] = [[], [], 0, 0];
  const around = {
    feed,
    commands,
    save: async (name: string) => `/here/${saved[saved.push(name) - 1]!}`,
    remember: (line: string) => void remembered.push(line),
    leave: () => void left++,
  };
  session = new Session(around, small, ['PrintDB S3']);
  session.subscribe(() => void frames++);
  feed.tell(cluster(), ...five.map((server) => report(server)));
};

beforeEach(() => {
  jest.useFakeTimers({ now: noonMs });
  open();
});
afterEach(() => {
  session.close();
  jest.useRealTimers();
});

/** `:`, `Enter`, `Ctrl-C` as keys of one character or by name in angle brackets: `:PrintLog <tab>`. */
function press(keys: string): void {
  for (const [key] of keys.matchAll(/<[^>]+>|./gu)) {
    const isNamed = key.startsWith('<');
    session.press(isNamed ? { name: key.slice(1, -1), text: '' } : { name: key, text: key });
  }
}

const seen = () => {
  const { model, ui } = session.shown();
  return screen(model, ui, commands).map((one) => textOf(one).trimEnd());
};
const last = (n: number) => seen().at(-n);
const settle = () => jest.advanceTimersByTimeAsync(200);

describe('frames', () => {
  test('are drawn at most fifteen times a second, however much is told, and the newest is always drawn', () => {
    jest.advanceTimersByTime(1_000);
    const before = frames;
    for (let i = 1; i <= 1_000; i++) {
      feed.tell(event(i, 'S1', i, 'transfer-decided', 'S1 → S3: 45 local'));
      jest.advanceTimersByTime(1);
    }
    expect(frames - before).toBeGreaterThanOrEqual(14);
    expect(frames - before).toBeLessThanOrEqual(15);
    jest.advanceTimersByTime(100);
    expect(session.shown().model.eventLog.events.last).toMatchObject({ sequence: 1_000 });
  });

  test('of mere figures are drawn once a second, and the newest is always drawn', () => {
    jest.advanceTimersByTime(2_000);
    const before = frames;
    for (let i = 1; i <= 1_000; i++) {
      feed.tell(report('S1', { status: { logLength: i } }));
      jest.advanceTimersByTime(1);
    }
    expect(frames - before).toBe(2); // at once, and a second later
    jest.advanceTimersByTime(1_000);
    expect(session.shown().model.servers[0]!.ledger?.status.logLength).toBe(1_000);
    feed.tell(report('S1', { status: { height: 7 } }));
    jest.advanceTimersByTime(100);
    expect(session.shown().model.servers[0]!.ledger?.status.height).toBe(7);
  });

  test('are not drawn while nothing happens: no timer runs', () => {
    jest.advanceTimersByTime(1_000);
    const before = frames;
    expect(jest.getTimerCount()).toBe(0);
    jest.advanceTimersByTime(60_000);
    expect(frames).toBe(before);
  });

  test('of keys are drawn at once', () => {
    press('l');
    expect(last(23 - 1)).toContain('[l Ledger]');
  });
});

test('every view has its key, and Tab goes through all of them', () => {
  for (const key of 'lbgrpetc') {
    press(key);
    expect(seen()[1]).toMatch(new RegExp(`\\[${key} `));
  }
  const views = Array.from({ length: 9 }, () => {
    press('<tab>');
    return session.shown().ui.view;
  });
  expect(new Set(views).size).toBe(8);
  press('<shift+tab>');
  expect(session.shown().ui.view).toBe('cluster');
});

test('a feed hears what a view wants when that changes, and only then', () => {
  press('l');
  press('jjj');
  feed.tell(report('S2'));
  jest.advanceTimersByTime(100);
  press('p');
  press('s');
  press('c');
  expect(feed.wants).toEqual([
    { type: 'balances' },
    { type: 'performance', server: 'S1' },
    { type: 'performance', server: 'S2' },
    undefined,
  ]);
});

describe('a command', () => {
  test('is given by number and Enter; its result stands below, and Esc closes it', async () => {
    commands.outcome = { failed: false, lines: ['Set 1, live S1: 0 transfers'] };
    press('5');
    expect(last(2)).toBe(': 5');
    expect(last(1)).toBe(' ✓ Enter play the next set of the file');
    press('<enter>');
    expect(seen().join('\n')).toContain('── 5  … running');
    await settle();
    expect(seen().join('\n')).toContain('── 5  ✓ done');
    expect(seen().join('\n')).toContain('Set 1, live S1: 0 transfers');
    expect([commands.given, remembered]).toEqual([['5'], ['5']]);
    press('<esc>');
    expect(seen().join('\n')).not.toContain('✓ done');
    press('o');
    expect(seen().join('\n')).toContain('✓ done');
  });

  test('that fails says so', async () => {
    commands.outcome = { failed: true, lines: ['S2 has crashed'] };
    press(':PrintLog S2<enter>');
    await settle();
    expect(seen().join('\n')).toMatch(/✗ failed[^]*S2 has crashed/);
  });

  test('that is wrong stays to be corrected, and is not given', () => {
    press(':CrashServer S9<enter>');
    expect(last(2)).toBe(': CrashServer S9');
    expect(last(1)).toContain('✗ there is no "S9"');
    expect(commands.given).toEqual([]);
    press('<backspace>2<enter>');
    expect(commands.given).toEqual(['CrashServer S2']);
  });

  test('that is not available here says why, and is not given', () => {
    session.close();
    open([{ ...rows[5]!, unavailable: 'these servers were started elsewhere' }]);
    press(':Crash');
    expect(seen().join('\n')).toContain('⊘ these servers were started elsewhere');
    press('<tab>S1<enter>');
    expect(last(1)).toBe(' ✗ these servers were started elsewhere');
    expect(commands.given).toEqual([]);
  });

  test('is completed by Tab, one candidate after the other', () => {
    press(':crash<tab>');
    expect(last(2)).toBe(': CrashServer');
    press('<tab><tab>');
    expect(last(2)).toBe(': CrashServer S2');
    press('<shift+tab>');
    expect(last(2)).toBe(': CrashServer S1');
    press('<enter>');
    expect(commands.given).toEqual(['CrashServer S1']);
  });

  test('of an earlier run is found with the arrow keys, and what was typed is not lost', () => {
    press(':Pr<up>');
    expect(last(2)).toBe(': PrintDB S3');
    press('<down>');
    expect(last(2)).toBe(': Pr');
  });

  test('is left by Esc, or by deleting from an empty line', () => {
    press(':x<esc>');
    expect(session.shown().ui.mode).toBe('view');
    press(':<backspace>');
    expect(session.shown().ui.mode).toBe('view');
  });
});

describe('leaving', () => {
  test.each(['q', '<ctrl+c>', ':quit<enter>', ':q<enter>', ':<ctrl+c>', '?<ctrl+c>', 't/<ctrl+c>'])(
    'with %s',
    (keys) => {
      press(keys);
      expect(left).toBe(1);
    },
  );

  test('nothing is delivered or drawn afterwards', () => {
    feed.tell(report('S1'));
    session.close();
    const before = frames;
    jest.advanceTimersByTime(1_000);
    expect([feed.isOpen, frames, jest.getTimerCount()]).toEqual([false, before, 0]);
  });
});

describe('filters', () => {
  test('work while they are typed, stay with Enter, go with Esc', () => {
    press('e/abc');
    expect(seen().join('\n')).toContain('filter "abc"');
    press('<enter>');
    expect(seen().join('\n')).toContain('filter "abc"');
    press('c');
    press('e<esc>');
    expect(seen().join('\n')).not.toContain('filter "');
    press('/xyz<esc>');
    expect(seen().join('\n')).not.toContain('filter "');
  });

  test('of server and level go round', () => {
    press('e');
    const about = () => seen()[2]!.trim();
    const shown = Array.from({ length: 7 }, () => {
      press('s');
      return /Events {2}([^,]+),/.exec(about())![1];
    });
    expect(shown).toEqual([...five, 'all servers', 'S1']);
    press('v');
    expect(about()).toContain('warn and above');
    press('vv');
    expect(about()).toContain('all levels');
  });
});

describe('export', () => {
  test('writes the timeline as SVG and JSON, and says where', async () => {
    press('tx');
    await settle();
    const stem = `synod-timeline-${new Date(noonMs).toISOString().replace(/[:.]/g, '-')}`;
    expect(saved).toEqual([`${stem}.svg`, `${stem}.json`]);
    expect(last(2)).toContain('✓ written: /here/synod-timeline-');
  });

  test('that fails says why', async () => {
    session.close();
    session = new Session(
      {
        feed,
        commands,
        save: () => Promise.reject(new Error('EACCES: permission denied')),
        remember: () => undefined,
        leave: () => undefined,
      },
      small,
    );
    press('tx');
    await settle();
    expect(last(2)).toBe('✗ not written: EACCES: permission denied');
  });
});

test('help is opened with ?, scrolled, and closed with Esc', () => {
  press('b?');
  expect(seen()[2]).toContain('Keys');
  expect(seen()[3]).toBe('In Blocks');
  press('<down><down>');
  expect(seen()[3]).not.toBe('In Blocks');
  press('<pagedown><pagedown><pagedown><pagedown><pagedown>');
  expect(seen().join('\n')).toContain('Signs: ● up');
  press('<esc>');
  expect(session.shown().ui).toMatchObject({ mode: 'view', view: 'blocks' });
});

test('a terminal that changes its size is filled again', () => {
  session.resize({ columns: 120, rows: 39 });
  expect(screen(session.shown().model, session.shown().ui, commands)).toHaveLength(39);
});

test('Enter opens a block, Esc closes it, in Blocks; elsewhere it begins a command', () => {
  feed.tell(...failover().servers.map(({ ledger }): News => ({ type: 'ledger-report', report: ledger! })));
  press('b<enter>');
  expect(seen()[2]).toContain('Block 2');
  press('<esc>');
  expect(seen()[2]).toContain('Blocks  2 blocks');
  press('l<enter>');
  expect(session.shown().ui.mode).toBe('command line');
});

test('a session that begins with nothing shows that it waits', () => {
  session.close();
  open();
  expect(freshBank().servers).toHaveLength(5);
  session = new Session(
    { feed: new HandFeed(), commands, save: async (name) => name, remember: () => undefined, leave: () => undefined },
    small,
  );
  expect(seen().join('\n')).toContain('waiting for the servers');
});

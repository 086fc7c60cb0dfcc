import { beforeEach, expect, test } from '@jest/globals';
import { Effects, type Input } from '@synod/kernel';
import { registerKeys, type RegisterProtocol, type RegisterRecord, type NodeStanding } from '@synod/register';
import { EventLog, Listeners } from '@synod/server';
import { CellSizes } from '@synod/transport/server';
import { Adoptions } from './adoptions.js';
import { MembershipEvents } from './membership-events.js';
import { RegisterObserver } from './register-observer.js';

const wake: Input<RegisterProtocol> = { kind: 'wake' };

let events: EventLog;
let adoptions: Adoptions;
let observer: RegisterObserver;
let changes: string[];
let ready: boolean;
beforeEach(() => {
  events = new EventLog('S1');
  adoptions = new Adoptions();
  const door = { changes: new Listeners<'state' | 'figures'>() };
  changes = [];
  door.changes.add((change) => changes.push(change));
  ready = false;
  observer = new RegisterObserver(
    door,
    { adoptions, sizes: new CellSizes() },
    new MembershipEvents(events, async () => ready),
  );
});

function released(
  input: Input<RegisterProtocol>,
  ...records: (readonly [key: string, record: RegisterRecord])[]
): void {
  const effects = new Effects<RegisterProtocol>();
  for (const [key, record] of records) effects.put(key, record);
  observer.released(effects, input);
}

const node = (standing: NodeStanding) =>
  [registerKeys.node, { kind: 'node', identity: '1', incarnation: '2', standing }] as const;
const known = (peer: string) => [registerKeys.known(peer), { kind: 'known' }] as const;
const cell = (key: string) =>
  [
    registerKeys.cell(key),
    { kind: 'cell', set: 1, counter: 1, writer: 'S1', incarnation: '1', packed: undefined },
  ] as const;

/** What was told, once all that was asked is answered. */
async function kinds(): Promise<string[]> {
  await new Promise(setImmediate);
  return events.last(100).map(({ kind }) => kind);
}

test('links, and how the node stands, are reported at once; what else it does is not', () => {
  released(wake, cell('a'));
  released({ kind: 'invoke', id: 1, command: { type: 'status' } });
  expect(changes).toEqual([]);
  released({ kind: 'link', peer: 'S2', up: false });
  released(wake, known('S2'));
  released(wake, node('lost'));
  expect(changes).toEqual(['state', 'state', 'state']);
});

test('it is told once that a node takes part, however many of its peers come to know it', async () => {
  released(wake, node('member'));
  released(wake, known('S2'));
  expect(await kinds()).toEqual([]);
  ready = true;
  released(wake, known('S3'));
  released(wake, known('S4'));
  expect(await kinds()).toEqual(['server-ready']);
});

test('it is told what becomes of a lost disk', async () => {
  released(wake, node('lost'));
  expect(await kinds()).toEqual(['recovery-started']);
  released(wake, known('S2'));
  ready = true;
  released(wake, node('member'));
  expect(await kinds()).toEqual(['recovery-started', 'recovery-finished', 'server-ready']);
});

test('it is told what becomes of a disk that replaces another', async () => {
  const replaced = (done: boolean) =>
    [
      registerKeys.replacement('S1'),
      { kind: 'replacement', version: 1, disk: '00000000000000a1', address: 'h:1', done },
    ] as const;
  released(wake, node('waiting'));
  released(wake, node('copying'), replaced(false));
  released(wake, node('member'), replaced(true));
  expect(await kinds()).toEqual(['replacement-waiting', 'replacement-started', 'replacement-finished']);
});

test('a node that stops before it knows whether it takes part tells nothing', async () => {
  observer = new RegisterObserver(
    { changes: new Listeners() },
    { adoptions, sizes: new CellSizes() },
    new MembershipEvents(events, () => Promise.reject(new Error('stopping'))),
  );
  released(wake, known('S2'));
  expect(await kinds()).toEqual([]);
});

test('who watches a register hears of each new cell of it, and of no other, until the end of the watch', () => {
  let heard = 0;
  const stop = adoptions.add('a/b', () => heard++);
  const stopOther = adoptions.add('a/b', () => {});
  released(wake, cell('a/b'), cell('b'));
  expect(heard).toBe(1);
  stop();
  stop();
  released(wake, cell('a/b'));
  expect(heard).toBe(1);
  stopOther();
  const again = adoptions.add('a/b', () => heard++);
  stopOther(); // takes nothing away from who came later
  released(wake, cell('a/b'));
  expect(heard).toBe(2);
  again();
});

import { describe, expect, test } from '@jest/globals';
import { choose } from './choose.js';
import type { ServerLink } from './server-link.js';
import { Standing } from './standing.js';
import { three } from './testing/stand.js';

function servers(...ids: string[]) {
  const links = new Map(ids.map((id) => [id, { id, standing: new Standing() } as unknown as ServerLink]));
  return { at: (id: string) => links.get(id) };
}

function chooser(...busy: ServerLink[]) {
  const passedOver: (string | undefined)[] = [];
  return { busy: busy.map((link) => ({ link })), passedOver, passOver: ({ id }: ServerLink) => passedOver.push(id) };
}

describe('the server to ask next', () => {
  test('is the one whose turn it is, round and round', () => {
    expect([0, 1, 2, 3, 7].map((first) => choose(three, first, servers(...three), chooser(), 0))).toEqual([
      0, 1, 2, 0, 1,
    ]);
  });

  test('is none that is asked already, or that nobody knows', () => {
    const all = servers(...three);
    expect(choose(three, 0, all, chooser(all.at('S1')!), 0)).toBe(1);
    expect(choose(['S9', 'S2'], 0, all, chooser(), 0)).toBe(1);
    expect(choose(['S9', 'S2'], 0, all, chooser(all.at('S2')!), 0)).toBe(-1);
  });

  test('is one that failed only if there is no other', () => {
    const all = servers(...three);
    all.at('S1')!.standing.failed(0);
    expect([0, 1, 2].map((first) => choose(three, first, all, chooser(), 0))).toEqual([1, 1, 2]);
    for (const id of ['S2', 'S3']) all.at(id)!.standing.failed(0);
    expect([0, 1, 2].map((first) => choose(three, first, all, chooser(), 0))).toEqual([0, 1, 2]);
  });

  test('who chooses hears of one that is passed over, and of none that is chosen', () => {
    const all = servers(...three);
    all.at('S2')!.standing.failed(0);
    const who = chooser();
    expect([0, 1, 2].map((first) => choose(three, first, all, who, 0))).toEqual([0, 2, 2]);
    expect(who.passedOver).toEqual(['S2']);
    for (const id of ['S1', 'S3']) all.at(id)!.standing.failed(0);
    choose(three, 1, all, who, 0);
    expect(who.passedOver).toEqual(['S2']);
  });
});

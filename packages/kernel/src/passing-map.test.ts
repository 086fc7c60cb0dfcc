import { expect, test } from '@jest/globals';
import { PassingMap } from './passing-map.js';

test('is a map, whatever comes and goes, in order of arrival', () => {
  const passing = new PassingMap<number, string>();
  const map = new Map<number, string>();
  for (let i = 0; i < 10_000; i++) {
    const key = (i * 7919) % 1500;
    expect(passing.get(key)).toBe(map.get(key));
    if (i % 3 === 2) {
      expect(passing.delete(key)).toBe(map.delete(key));
    } else {
      passing.set(key, `${i}`);
      map.set(key, `${i}`);
    }
    expect(passing.size).toBe(map.size);
  }
  expect([...passing]).toEqual([...map]);
  expect([...passing.keys()]).toEqual([...map.keys()]);
  expect([...passing.values()]).toEqual([...map.values()]);
  passing.clear();
  expect([passing.size, passing.has(1), [...passing]]).toEqual([0, false, []]);
});

test('what leaves while all are looked at is not shown any more, also after the rest has moved', () => {
  const passing = new PassingMap<number, number>();
  for (let i = 0; i < 2000; i++) passing.set(i, i);
  const seen: number[] = [];
  for (const value of passing.values()) {
    seen.push(value);
    passing.delete(value + 1);
  }
  expect(seen).toEqual(Array.from({ length: 1000 }, (_, i) => 2 * i));
});

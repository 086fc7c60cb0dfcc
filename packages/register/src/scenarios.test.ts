import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { playScenario } from './testing/scenario.js';

// SYNOD_REWRITE=1 writes down what happens now; the difference is to be read and judged.
const folder = new URL('../scenarios/', import.meta.url);

test.each(readdirSync(folder))('scenario %s', (name) => {
  const file = new URL(name, folder);
  const expected = readFileSync(file, 'utf8');
  const played = playScenario(expected);
  if (process.env['SYNOD_REWRITE']) writeFileSync(file, played);
  else expect(played).toBe(expected);
});

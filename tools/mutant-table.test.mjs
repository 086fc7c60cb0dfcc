// Each rule whose absence is known to break something has a mutant, and each mutant a scenario of its own.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { allMutants, mutantTable, tableFile } from './mutant-table.mjs';

const lists = await allMutants();
const all = lists.flatMap(({ name, mutants }) => mutants.map((mutant) => ({ ...mutant, package: name })));

test('docs/mutants.md says what the lists say: `npm run mutants` writes it', async () => {
  expect(readFileSync(tableFile, 'utf8')).toBe(await mutantTable());
});

test('every mutant has a name of its own', () => {
  const names = all.map(({ package: of, name }) => `${of}: ${name}`);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

test('a rule whose absence the simulation finds, among all it does, a directed test shows by itself', () => {
  const isByChance = ({ killedBy }) => killedBy.file.endsWith('simulation.test.ts');
  const shown = all.filter((mutant) => !isByChance(mutant)).map(({ rule }) => rule);
  const byChance = all.filter(isByChance).map(({ rule }) => rule);
  expect(byChance.filter((rule) => !shown.includes(rule))).toEqual([]);
});

// The table of all mutants, docs/mutants.md, made of the lists in the packages: `npm run mutants` writes it anew.
import { readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const root = new URL('../', import.meta.url);

/** Where the table stands. */
export const tableFile = fileURLToPath(new URL('docs/mutants.md', root));

/** All mutants of all packages, by package. */
export async function allMutants() {
  const folders = readdirSync(new URL('packages/', root)).sort();
  const lists = folders.map(async (name) => {
    const found = readdirSync(new URL(`packages/${name}/`, root)).includes('mutants.mjs');
    return found ? { name, mutants: (await import(new URL(`packages/${name}/mutants.mjs`, root))).mutants } : [];
  });
  return (await Promise.all(lists)).flat();
}

/** The document as it should be. */
export async function mutantTable() {
  const lists = await allMutants();
  const count = lists.reduce((sum, { mutants }) => sum + mutants.length, 0);
  const text = [
    '# Mutants',
    '',
    `Known mistakes, and rules left out: each of these ${count}, put into the source, is noticed by the test beside it`,
    '(`npm test` does so every time). The left column is what is wrong then, the middle one the rule that it breaks. Written',
    'by `npm run mutants` from the lists in the packages; do not edit it.',
    ...lists.flatMap(({ name, mutants }) => ['', `## ${name}`, '', ...tableOf(name, mutants)]),
  ];
  return format(`${text.join('\n')}\n`, { ...(await resolveConfig(tableFile)), parser: 'markdown' });
}

function tableOf(packageName, mutants) {
  const rows = mutants.map(({ name, rule, killedBy: { file, test } }) => {
    const path = `packages/${packageName}/${file}`;
    return `| ${[name, rule, `\`${test}\` in [${file.split('/').at(-1)}](../${path})`].map(escaped).join(' | ')} |`;
  });
  return ['| mistake | rule | noticed by |', '| --- | --- | --- |', ...rows];
}

function escaped(cell) {
  return cell.replaceAll('|', '\\|');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(tableFile, await mutantTable());

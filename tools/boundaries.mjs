// `node tools/boundaries.mjs [folder...]`: do the packages in these folders (by default all of the repository) import
// only what .dependency-cruiser.cjs lets them? One process for all: to load the checker takes longer than to check.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';

const repository = fileURLToPath(new URL('..', import.meta.url));
const table = join(repository, '.dependency-cruiser.cjs');
const require = createRequire(import.meta.url);

const named = process.argv.slice(2).map((folder) => resolve(folder));
for (const folder of named.length > 0 ? named : packageFolders()) {
  const { output, exitCode } = await cruisePackage(folder);
  console.log(`${exitCode === 0 ? '✔' : '✘'} ${folder}`);
  if (exitCode === 0) continue;
  console.log(output);
  process.exitCode = 1;
}

/** The table speaks of the package in the current folder, and so is read anew for each. */
async function cruisePackage(folder) {
  process.chdir(folder);
  delete require.cache[table];
  const { forbidden, options } = require(table);
  return cruise(['src'], { ...options, ruleSet: { forbidden }, validate: true, outputType: 'err' });
}

function packageFolders() {
  return ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(repository, parent)).map((folder) => join(repository, parent, folder)),
  );
}

// `npm test [-- nx options]`: every check of every project, then one line of totals.
// A passed test is one that Jest counted. Everything else that fails or did not run (a build, a lint, a type check,
// a suite that does not load, a test task without results) counts as one failure each.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { resultsFile, resultsFolder } from './results.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const planFile = `${root}.nx/plan.json`;
const runFile = `${root}.nx/cache/run.json`;
for (const path of [planFile, runFile, resultsFolder]) rmSync(path, { recursive: true, force: true });

const targets = ['compile', 'longest', 'test', 'eslint', 'types', 'boundaries', 'format', 'knip'];
const options = process.argv.slice(2);
nx([...options, `--graph=${planFile}`], 'ignore');
const exitCode = nx([...options, '--outputStyle=static-failures-only'], 'inherit');

const tasks = Object.values(readJson(planFile)?.tasks.tasks ?? {});
const planned = tasks.filter(({ target }) => target.target !== 'longest'); // which does nothing
const statuses = new Map((readJson(runFile)?.tasks ?? []).map(({ taskId, status }) => [taskId, status]));

let passed = 0;
const failures = [];
for (const { id, target } of planned) {
  const status = statuses.get(id);
  const tests = target.target === 'test' ? readJson(resultsFile(target.project)) : undefined;
  const failed = failedTests(tests?.testResults ?? []);
  passed += tests?.numPassedTests ?? 0;
  failures.push(...failed);
  if (status === undefined) failures.push(`${id} did not run`);
  else if (status !== 0 && failed.length === 0) failures.push(`${id} failed`);
  else if (status === 0 && target.target === 'test' && !tests) failures.push(`${id} left no results`);
}
if (planned.length === 0) failures.push('there was nothing to run');
else if (exitCode !== 0 && failures.length === 0) failures.push('nx failed');

for (const failure of failures) console.log(`✗ ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);

function nx(args, output) {
  const entry = `${root}node_modules/nx/dist/bin/nx.js`;
  return spawnSync(process.execPath, [entry, 'run-many', '-t', ...targets, ...args], {
    cwd: root,
    stdio: ['ignore', output, 'inherit'],
  }).status;
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** One line for each failed test, and for each suite that failed as a whole. */
function failedTests(suites) {
  return suites.flatMap(({ status, name, assertionResults }) => {
    const file = name.replace(root, '');
    const failed = assertionResults.filter((assertion) => assertion.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [`${file} did not run`];
    return failed.map(({ fullName }) => `${file} › ${fullName}`);
  });
}

// `npm test [-- nx options]`: every check of every project, then one line of totals.
// A passed test is one that Jest counted. Everything else that fails (a build, a lint, a type check, a suite that does
// not load, a test task without results) counts as one failure each.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { resultsFile, resultsFolder } from './results.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const runFile = `${root}.nx/cache/run.json`;
rmSync(resultsFolder, { recursive: true, force: true });
rmSync(runFile, { force: true });

const targets = ['build', 'lint', 'typecheck', 'test', 'format', 'knip'];
const { status } = spawnSync(
  process.execPath,
  [
    `${root}node_modules/nx/dist/bin/nx.js`,
    'run-many',
    '--outputStyle=static-failures-only',
    '-t',
    ...targets,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
);

let passed = 0;
const failures = [];
for (const task of existsSync(runFile) ? JSON.parse(readFileSync(runFile, 'utf8')).tasks : []) {
  const found = task.target === 'test' ? countTests(task.projectName) : { passed: 0, failures: [] };
  passed += found.passed;
  failures.push(...found.failures);
  if (task.status !== 0 && found.failures.length === 0) failures.push(`${task.taskId} failed`);
}
if (status !== 0 && failures.length === 0) failures.push('nx failed');

for (const failure of failures) console.log(`✗ ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);

/** What Jest counted in one project. Without a results file the project's tests did not run, which is a failure. */
function countTests(project) {
  const file = resultsFile(project);
  if (!existsSync(file)) return { passed: 0, failures: [`${project}:test left no results`] };
  const { numPassedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
  const failures = testResults.flatMap(({ status, name, assertionResults }) => {
    const failed = assertionResults.filter((assertion) => assertion.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [`${name.replace(root, '')} did not run`];
    return failed.map(({ fullName }) => `${name.replace(root, '')} › ${fullName}`);
  });
  return { passed: numPassedTests, failures };
}

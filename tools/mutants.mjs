// Mutants: known mistakes, put into a copy of the source one by one; the named test must fail on each, and pass
// without. A package that has some calls `testMutants` in its `mutants.test.mjs`.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { jestArguments, jestEnvironment, nodeFlags } from './jest-command.mjs';
import { mutationOption, replaceOnce } from './mutation.mjs';

const program = fileURLToPath(new URL('./mutant-runner.mjs', import.meta.url));

/** A mutant that makes its test run for ever is not killed by an assertion, and so not killed. */
const longestRunMs = 110_000;
const patienceMs = longestRunMs + 10_000;

/**
 * Registers one test per mutant of the package in `folder`.
 *
 * A mutant is `{ name, rule, file, find, replace, killedBy: { file, test } }`: `rule` quotes what it breaks; `file` and
 * `killedBy.file` are relative to the package; `find` occurs exactly once in `file`; `killedBy.test` is a part of the
 * full names of the tests that must fail.
 */
export function testMutants(folder, mutants) {
  let runner;
  let sound;

  beforeAll(async () => {
    sound = await run(mutants.map(({ killedBy }) => killedBy));
  }, patienceMs);
  afterAll(async () => {
    if (runner?.kill('SIGKILL')) await once(runner, 'exit');
  });

  describe.each(mutants)('$name', ({ file, find, replace, killedBy }) => {
    test(
      `is noticed by "${killedBy.test}"`,
      async () => {
        expect(outcomes(sound, killedBy)).toEqual(['passed']);
        const path = resolve(folder, file);
        replaceOnce(readFileSync(path, 'utf8'), { find, replace });
        const results = await run([killedBy], mutationOption({ file: path, find, replace }));
        expect(outcomes(results, killedBy)).toContain('failed');
      },
      patienceMs,
    );
  });

  /** Runs the named tests alone, and returns what became of each. */
  async function run(wanted, options = []) {
    const files = [...new Set(wanted.map(({ file }) => resolve(folder, file)))];
    const names = [...new Set(wanted.map(({ test: name }) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))];
    const suites = await ask([
      ...jestArguments(folder),
      ...['--runInBand', '--silent', ...options],
      ...['--testNamePattern', names.join('|')],
      ...['--runTestsByPath', ...files],
    ]);
    const broken = suites.find(({ error }) => error);
    if (broken) throw new Error(broken.error);
    return suites.flatMap(({ tests }) => tests);
  }

  /** What the runner answers; one that does not, within its time, is ended, and the next question starts another. */
  function ask(args) {
    runner ??= fork(program, { execArgv: nodeFlags, stdio: 'ignore', env: { ...process.env, ...jestEnvironment } });
    const asked = runner;
    return new Promise((answered, failed) => {
      const end = (code, signal) => {
        runner = undefined;
        failed(new Error(`Jest left no results within ${longestRunMs} ms: ended with ${signal ?? code}`));
      };
      const slow = setTimeout(() => asked.kill('SIGKILL'), longestRunMs);
      asked.once('exit', end);
      asked.once('message', (suites) => {
        clearTimeout(slow);
        asked.off('exit', end);
        answered(suites);
      });
      asked.send(args);
    });
  }
}

/** How the tests of that name ended, each outcome once. */
function outcomes(results, { test: name }) {
  const named = results.filter(({ fullName, status }) => fullName.includes(name) && status !== 'pending');
  return [...new Set(named.map(({ status }) => status))];
}

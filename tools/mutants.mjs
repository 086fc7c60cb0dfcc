// Mutants: known mistakes, put into a copy of the source one by one; the named test must fail on each. That it passes
// without is what the other tests of the package show. A package that has some calls `testMutants` in its
// `mutants.test.mjs`.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
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

  afterAll(async () => {
    if (runner?.kill('SIGKILL')) await once(runner, 'exit');
  });

  describe.each(mutants)('$name', ({ file, find, replace, killedBy }) => {
    test(
      `is noticed by "${killedBy.test}"`,
      async () => {
        const path = resolve(folder, file);
        replaceOnce(readFileSync(path, 'utf8'), { find, replace });
        expect(await outcomes(killedBy, mutationOption({ file: path, find, replace }))).toContain('failed');
      },
      patienceMs,
    );
  });

  /** Runs the named tests alone, and returns how they ended. */
  async function outcomes({ file, test: name }, mutation) {
    const suites = await ask([
      ...jestArguments(folder),
      ...['--runInBand', '--silent', ...mutation],
      ...['--testNamePattern', name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')],
      ...['--runTestsByPath', resolve(folder, file)],
    ]);
    const broken = suites.find(({ error }) => error);
    if (broken) throw new Error(broken.error);
    return suites.flatMap(({ tests }) => tests.map(({ status }) => status));
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

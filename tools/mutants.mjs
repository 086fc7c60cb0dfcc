// Mutants: known mistakes, put into a copy of the source one by one; the named test must fail on each, and pass
// without. A package that has some calls `testMutants` in its `mutants.test.mjs`.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { jestCommand, jestEnvironment } from './jest-command.mjs';
import { mutationEnvironment, replaceOnce } from './mutation.mjs';

/** A mutant that makes its test run for ever is not killed by an assertion, and so not killed. */
const longestRunMs = 60_000;
const patienceMs = longestRunMs + 10_000;

/**
 * Registers one test per mutant of the package in `folder`.
 *
 * A mutant is `{ name, rule, file, find, replace, killedBy: { file, test } }`: `rule` quotes what it breaks; `file` and
 * `killedBy.file` are relative to the package; `find` occurs exactly once in `file`; `killedBy.test` is a part of the
 * full names of the tests that must fail.
 */
export function testMutants(folder, mutants) {
  const running = new Set();
  let scratch;
  let sound;

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'synod-mutants-'));
    sound = await run(
      mutants.map(({ killedBy }) => killedBy),
      {},
    );
  }, patienceMs);
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL');
    rmSync(scratch, { recursive: true, force: true });
  });

  describe.each(mutants)('$name', ({ file, find, replace, killedBy }) => {
    test(
      `is noticed by "${killedBy.test}"`,
      async () => {
        expect(outcomes(sound, killedBy)).toEqual(['passed']);
        const path = resolve(folder, file);
        replaceOnce(readFileSync(path, 'utf8'), { find, replace });
        const results = await run([killedBy], mutationEnvironment({ file: path, find, replace }));
        expect(outcomes(results, killedBy)).toContain('failed');
      },
      patienceMs,
    );
  });

  /** Runs the named tests alone, and returns Jest's results of each. */
  async function run(wanted, environment) {
    const outputFile = join(scratch, 'results.json');
    rmSync(outputFile, { force: true });
    const files = [...new Set(wanted.map(({ file }) => resolve(folder, file)))];
    const names = [...new Set(wanted.map(({ test: name }) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))];
    const child = spawn(
      process.execPath,
      [
        ...jestCommand(folder),
        ...['--runInBand', '--silent', '--json', '--outputFile', outputFile],
        ...['--testNamePattern', names.join('|')],
        ...['--runTestsByPath', ...files],
      ],
      { stdio: 'ignore', env: { ...process.env, ...jestEnvironment, ...environment }, timeout: longestRunMs },
    );
    running.add(child);
    await new Promise((ended) => child.on('close', ended));
    running.delete(child);
    if (!existsSync(outputFile)) throw new Error(`Jest left no results within ${longestRunMs} ms`);
    const { testResults, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(outputFile, 'utf8'));
    const broken = testResults.find(({ assertionResults }) => assertionResults.length === 0);
    if (numRuntimeErrorTestSuites > 0) throw new Error(`${broken?.name} does not load:\n${broken?.message}`);
    return testResults.flatMap(({ assertionResults }) => assertionResults);
  }
}

/** How the tests of that name ended, each outcome once. */
function outcomes(results, { test: name }) {
  const named = results.filter(({ fullName, status }) => fullName.includes(name) && status !== 'pending');
  return [...new Set(named.map(({ status }) => status))];
}

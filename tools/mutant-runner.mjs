// The process in which tools/mutants.mjs runs Jest again and again: to load it takes longer than to kill a mutant.
// Each message is a list of arguments for Jest; the answer is what became of the tests.
import { buildArgv, runCLI } from 'jest';

process.on('message', async (args) => {
  const { results } = await runCLI(await buildArgv(args), [process.cwd()]);
  const suites = results.testResults.map(({ testFilePath, testExecError, failureMessage, testResults }) => ({
    error: testExecError && `${testFilePath} does not load:\n${failureMessage}`,
    tests: testResults.map(({ fullName, status }) => ({ fullName, status })),
  }));
  process.send(suites);
});

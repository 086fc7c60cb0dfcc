import { fileURLToPath } from 'node:url';

const config = fileURLToPath(new URL('./jest.config.mjs', import.meta.url));

export const jest = fileURLToPath(import.meta.resolve('jest/bin/jest'));

/** What Node needs for tests that are ES modules. */
export const nodeFlags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];

/** The arguments with which Jest runs over one package folder. */
export function jestArguments(rootDir) {
  return ['--config', config, '--rootDir', rootDir];
}

/** Nx sets FORCE_COLOR for its tasks; rendered-string tests need it off. */
export const jestEnvironment = { FORCE_COLOR: '0' };

// The cores must be deterministic and do no IO; the lint rules that say so are seen to fail on each way around them.
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

// Only the rules that need no types, so that a file need not exist to be linted.
const eslint = new ESLint({
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  overrideConfig: tseslint.configs.disableTypeChecked,
});

async function purityErrors(filePath, code) {
  const [{ messages }] = await eslint.lintText(code, { filePath });
  return messages.map(({ ruleId, message }) => ruleId ?? message).filter((rule) => !rule.startsWith('@typescript-'));
}

const cores = ['packages/register/src/core.ts', 'packages/paxos/src/core.ts', 'packages/ledger/src/core.ts'];
const impurities = [
  'export const now = Date.now();',
  'export const now = performance.now();',
  'export const chance = Math.random();',
  'export const timer = setTimeout(() => 0, 1);',
  'export const turn = setImmediate(() => 0);',
  'export const secret = process.env.SECRET;',
  'export async function later() {}',
  'export const later = async () => 1;',
  'export const later = new Promise<void>(() => {});',
  "import { readFileSync } from 'node:fs'; export const text = readFileSync('x');",
  "import { randomBytes } from 'node:crypto'; export const bytes = randomBytes(1);",
];

for (const core of cores) {
  test.each(impurities)(`${core} may not say: %s`, async (code) => {
    expect(await purityErrors(core, code)).not.toEqual([]);
  });

  test(`${core} may hash`, async () => {
    const code = "import { hash } from 'node:crypto'; export const digest = hash('sha256', '');";
    expect(await purityErrors(core, code)).toEqual([]);
  });
}

test.each(['packages/kernel/src/loop.ts', 'packages/simulator/src/world.ts'])(
  '%s takes time and chance from its ports',
  async (file) => {
    expect(await purityErrors(file, 'export const now = Date.now();')).toEqual(['no-restricted-globals']);
    expect(await purityErrors(file, 'export const chance = Math.random();')).toEqual(['no-restricted-properties']);
  },
);

test.each(['packages/ledger/src/file/index.ts', 'packages/kernel/src/system-clock.ts', 'packages/paxos/src/a.test.ts'])(
  '%s touches the world',
  async (file) => {
    expect(await purityErrors(file, 'export const now = Date.now();')).toEqual([]);
  },
);

// What is published is what users get: every package and app is packed, the tarballs are installed into an empty
// project elsewhere, and there each README example compiles strictly and runs, and each command answers.
import { spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const repository = fileURLToPath(new URL('..', import.meta.url));
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

const packages = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(join(repository, parent)).map((folder) => ({
    name: `@synod/${folder}`,
    manifest: readJson(join(repository, parent, folder, 'package.json')),
    file: `${folder}.ts`,
    example: exampleIn(join(repository, parent, folder, 'README.md')),
  })),
);
const libraries = packages.filter(({ manifest }) => !manifest.bin);
/** What can be imported: exports with conditions. The others are files, such as package.json. */
const entryPoints = packages.flatMap(({ name, manifest }) =>
  Object.entries(manifest.exports).flatMap(([path, target]) =>
    typeof target === 'string' ? [] : [name + path.slice(1)],
  ),
);
const commands = packages.flatMap(({ manifest }) => Object.keys(manifest.bin ?? {}));

const consumer = realpathSync(mkdtempSync(join(tmpdir(), 'synod-pack-')));
const packed = new Map();
let compilerOutput;

beforeAll(() => {
  const npmPack = ['pack', '--workspaces', '--json', '--pack-destination', consumer];
  const reports = Object.values(JSON.parse(run('npm', npmPack, repository)));
  for (const { name, filename, files } of reports) {
    packed.set(name, { tarball: join(consumer, filename), files: files.map(({ path }) => path) });
  }
  const version = (name) => readJson(join(repository, 'node_modules', name, 'package.json')).version;
  writeJson('package.json', {
    private: true,
    type: 'module',
    dependencies: Object.fromEntries([...packed].map(([name, { tarball }]) => [name, `file:${tarball}`])),
    devDependencies: { '@types/node': version('@types/node'), typescript: version('typescript') },
  });
  run('npm', ['install', '--prefix', consumer, '--prefer-offline', '--no-audit', '--no-fund'], consumer);

  writeJson('tsconfig.json', {
    compilerOptions: {
      target: 'es2023',
      module: 'nodenext',
      strict: true,
      noUncheckedIndexedAccess: true,
      types: ['node'],
      rootDir: 'src',
      outDir: 'out',
    },
    include: ['src'],
  });
  mkdirSync(join(consumer, 'src'));
  writeFileSync(
    join(consumer, 'src', 'all.ts'),
    entryPoints.map((it, i) => `export * as p${i} from '${it}';\n`).join(''),
  );
  for (const { file, example } of libraries) if (example) writeFileSync(join(consumer, 'src', file), example);
  const compiler = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '--pretty', 'false'], {
    cwd: consumer,
    encoding: 'utf8',
  });
  compilerOutput = compiler.stdout.split('\n');
}, 120_000);

afterAll(() => rmSync(consumer, { recursive: true, force: true }));

describe.each(packages)('$name', ({ name, manifest }) => {
  test('holds its build, its sources and its licence, and neither tests nor compiler state', () => {
    const { files } = packed.get(name);
    const targets = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(entry),
    );
    const paths = targets.map((target) => target.replace('./', ''));
    expect(files).toEqual(expect.arrayContaining([...paths, 'LICENSE', 'README.md']));
    const unwanted = manifest.exports['./testing'] ? /\.test\.|tsbuildinfo/ : /\.test\.|tsbuildinfo|\/testing\//;
    expect(files.filter((file) => unwanted.test(file))).toEqual([]);
  });

  test('is publishable in the eyes of publint', async () => {
    const tarball = new Uint8Array(readFileSync(packed.get(name).tarball)).buffer;
    const { messages, pkg } = await publint({ pack: { tarball }, level: 'warning' });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  test('is installed as a copy, not as a link into the workspace', () => {
    expect(lstatSync(join(consumer, 'node_modules', name)).isSymbolicLink()).toBe(false);
  });
});

describe.each(libraries)("the example in $name's README", ({ name, manifest, file, example }) => {
  test('is there, is short, and needs only what the package brings along', () => {
    expect(example).toBeDefined();
    expect(example.trim().split('\n').length).toBeLessThanOrEqual(15);
    const brought = [name, ...Object.keys(manifest.dependencies ?? {})];
    const imported = [...example.matchAll(/from '((?:@[^/']+\/)?[^/']+)/g)].map(([, specifier]) => specifier);
    expect(imported.filter((it) => !it.startsWith('node:') && !brought.includes(it))).toEqual([]);
  });

  test('compiles under strict, runs, and ends by itself', () => {
    expect(compilerOutput.filter((line) => line.startsWith(`src/${file}`))).toEqual([]);
    run(process.execPath, [join('out', file.replace('.ts', '.js'))], consumer);
  });
});

test('the declarations of every entry point compile together, and every entry point loads', () => {
  const examples = libraries.map(({ file }) => `src/${file}`);
  const others = compilerOutput.filter((line) => line !== '' && !examples.some((file) => line.startsWith(file)));
  expect(others).toEqual([]);
  run(process.execPath, [join('out', 'all.js')], consumer);
});

test.each(commands)('the installed command %s answers', (command) => {
  expect(run(join(consumer, 'node_modules', '.bin', command), ['--help'], consumer)).toContain('Usage');
});

/** The first TypeScript block of a README, or undefined. */
function exampleIn(readme) {
  try {
    return readFileSync(readme, 'utf8').match(/^```ts\n(.*?)^```/ms)?.[1];
  } catch {
    return undefined;
  }
}

/** Runs a command to its end, at most a minute, and returns what it printed; throws with all of that if it fails. */
function run(command, args, cwd) {
  const { status, signal, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (error ?? status !== 0) {
    throw new Error(
      `${command} ${args.join(' ')} ended with ${error?.message ?? signal ?? status}:\n${stdout}${stderr}`,
    );
  }
  return stdout;
}

function writeJson(file, content) {
  writeFileSync(join(consumer, file), JSON.stringify(content));
}

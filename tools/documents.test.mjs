// Documents must not lie: links lead somewhere, commands exist, and the example of the front page runs.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');
const documents = documentsIn('');
const { scripts } = JSON.parse(read('package.json'));

test('there are documents to check', () => {
  expect(documents).toEqual(expect.arrayContaining(['README.md', 'docs/ledger.md', 'packages/kernel/README.md']));
});

describe.each(documents)('%s', (document) => {
  const text = read(document);

  test('links to files and headings that exist', () => {
    expect(links(text).filter((link) => !resolves(document, link))).toEqual([]);
  });

  test('names npm scripts that exist', () => {
    const named = [...codeIn(text).matchAll(/\bnpm (?:run )?([a-z]+)\b/g)].map(([command, name]) => ({
      command,
      name,
    }));
    const ours = named.filter(({ command, name }) => command.startsWith('npm run ') || name in lifecycle);
    expect(ours.filter(({ name }) => !(name in scripts)).map(({ command }) => command)).toEqual([]);
  });
});

test('every decision stands in the list of decisions', () => {
  const list = read('docs/decisions/README.md');
  const records = documents.filter((path) => /^docs\/decisions\/\d{4}/.test(path));
  expect(records.filter((path) => !list.includes(`(${path.split('/').at(-1)})`))).toEqual([]);
});

describe('docs/guarantees.md', () => {
  const promises = read('docs/guarantees.md')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .filter((line, i, lines) => !/^[| -]+$/.test(line) && !/^[| -]+$/.test(lines[i + 1] ?? ''));

  test.each(promises.map((line) => [line.split('|')[1].trim(), line]))(
    '%s: a test of that name shows it',
    (_, promise) => {
      const shown = [...promise.matchAll(/\[([^\]]+)\]\(\.\.\/([^)]+\.test\.ts)\)/g)];
      expect(shown.length).toBeGreaterThan(0);
      expect(shown.filter(([, name, file]) => !read(file).includes(name)).map(([, name]) => name)).toEqual([]);
    },
  );
});

test("the front page's example takes 15 lines, and prints what it says", async () => {
  const [, example = ''] = /^```ts\n(.*?)^```/ms.exec(read('README.md')) ?? [];
  expect(example.trim().split('\n').length).toBeLessThanOrEqual(15);
  const { ESNext } = ts.ModuleKind;
  const { outputText } = ts.transpileModule(example, {
    compilerOptions: { module: ESNext, target: ts.ScriptTarget.ES2023 },
  });
  const printed = await firstLines(4, outputText);
  expect(printed.toSorted()).toEqual([
    'S1 1 hello',
    'S2 1 hello',
    'S3 1 hello',
    "{ type: 'appended', height: 1, sequence: 1 }",
  ]);
});

/** All Markdown below a folder of the repository, without what is installed or made. */
function documentsIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return path.endsWith('.md') ? [path] : [];
    return ['node_modules', 'dist', '.git', '.nx', 'synod-data'].includes(entry.name) ? [] : documentsIn(path);
  });
}

/** What npm runs without `run`. */
const lifecycle = { start: true, test: true };

/** Targets of links and pictures, without those that lead to other sites. */
function links(text) {
  const prose = text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '');
  const targets = [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

function resolves(document, link) {
  const [path, heading] = link.split('#');
  const target = path === '' ? document : relative(root, join(root, dirname(document), path));
  if (!existsSync(join(root, target))) return false;
  return heading === undefined || anchors(read(target)).includes(heading);
}

/** The names that headings get as link targets: lower case, words joined by hyphens, without punctuation. */
function anchors(text) {
  const headings = [...text.replace(/^```.*?^```/gms, '').matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function codeIn(text) {
  return [...text.matchAll(/^```.*?^```|`[^`\n]*`/gms)].map(([code]) => code).join('\n');
}

/** Runs a program in the repository until it has printed so many lines, and ends it. */
function firstLines(count, code) {
  const node = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve) => {
    let printed = '';
    const end = () => resolve(printed.split('\n').slice(0, -1));
    node.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text;
      if (printed.split('\n').length > count) node.kill();
    });
    node.once('close', end);
  });
}

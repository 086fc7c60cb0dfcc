// Makes a checkout ready to run, before `npm start` and `npm test`: the Node version, the dependencies, the build.
// Plain Node without dependencies: it runs before there are any. `bootstrap.mjs install` leaves out the build.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, lstatSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const nx = join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Synod needs Node 20.19 or newer; this is ${process.versions.node}.`);
}

// The lock file names every dependency of every workspace, so that a real `npm ci` also proves each change of it.
const installed = { file: join(root, 'node_modules', '.synod-installed'), stamp: dependencyStamp };
if (!isCurrent(installed)) {
  say('installing dependencies (npm ci)');
  const { code, output } = await run('npm', ['ci', '--no-progress'], { shell: process.platform === 'win32' });
  if (code !== 0) fail(`npm ci failed:\n${output}`);
  markCurrent(installed);
}

// Nx would find that there is nothing to do by itself, in a second; this takes a twentieth of that.
const built = { file: join(root, '.nx', 'synod-built'), stamp: workspaceStamp };
if (process.argv[2] !== 'install' && !isCurrent(built)) {
  const slow = setTimeout(() => say('building'), 2000);
  const { code, output } = await run(process.execPath, [nx, 'run', 'tools:compile', '--outputStyle=static']);
  clearTimeout(slow);
  if (code !== 0) fail(`the build failed:\n${output}`);
  markCurrent(built);
}

function dependencyStamp() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.version} ${process.platform} ${process.arch}`)
    .digest('hex');
}

/** Names, sizes and times of all that goes into a build *and* of all that came out of it. */
function workspaceStamp() {
  const hash = createHash('sha256').update(dependencyStamp());
  for (const path of ['nx.json', 'tsconfig.json', 'tsconfig.base.json']) addFile(hash, path);
  for (const folder of ['packages', 'apps', 'proto', 'tools']) {
    for (const path of readdirSync(join(root, folder), { recursive: true }).sort()) addFile(hash, join(folder, path));
  }
  return hash.digest('hex');
}

function addFile(hash, path) {
  const { size, mtimeMs } = lstatSync(join(root, path));
  hash.update(`${path} ${size} ${mtimeMs}\n`);
}

function isCurrent({ file, stamp }) {
  try {
    return readFileSync(file, 'utf8') === stamp();
  } catch {
    return false; // no stamp: never done here
  }
}

function markCurrent({ file, stamp }) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, stamp());
}

/** Runs a command at the root and gathers what it prints. */
function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function say(line) {
  process.stderr.write(`synod: ${line} …\n`);
}

function fail(message) {
  process.stderr.write(`synod: ${message}\n`);
  process.exit(1);
}

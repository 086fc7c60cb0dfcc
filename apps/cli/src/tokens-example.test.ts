import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { freePorts } from '@synod/cluster';
import { Workbench } from './testing/workbench.js';

const script = fileURLToPath(new URL('../../../examples/tokens.sh', import.meta.url));

let bench: Workbench;
let ports: number[];
beforeEach(async () => {
  bench = await Workbench.make();
  ports = await freePorts(3);
  const [a, b, c] = ports.map((port) => `127.0.0.1:${port}`);
  await bench.write('tokens.yaml', `- { token: 101, writer: '${a}', readers: ['${b}', '${c}'] }\n`);
});
afterEach(() => bench.close());

test('the example shows what it says, and leaves nothing behind', async () => {
  const example = start();
  await once(example.child, 'close');
  expect(example.stderr).toBe('');
  expect(example.child.exitCode).toBe(0);
  const [a, b, c] = ports;
  const printed = example.stdout.replace(
    new RegExp(`\\b(${a}|${b}|${c})\\b`, 'g'),
    (port) => `P${1 + ports.indexOf(+port)}`,
  );
  const lines = printed.split('\n').filter((line) => !/^(#|\$|$)/.test(line));
  const small = 'token 101 "abc" [1, 5, 25)  partial x=4 (hash 2207634929195471568)';
  const large = 'token 101 "abc" [10, 20, 100)  partial x=15 (hash 902613196918738813)';
  expect(lines).toEqual([
    `${small}  tag 1@127.0.0.1:P1`,
    `${small}  final x=15 (hash 902613196918738813)  tag 1@127.0.0.1:P1`,
    'server 127.0.0.1:P2 silent about token 101, now',
    'synod: 127.0.0.1:P2 did not answer in 2 s',
    '(exit code 5)',
    `${large}  tag 2@127.0.0.1:P1`,
    `${large}  final x=70 (hash 60570345165277511)  tag 2@127.0.0.1:P1`,
    'server 127.0.0.1:P2 silence about token 101 lifted',
    `${large}  final x=70 (hash 60570345165277511)  tag 2@127.0.0.1:P1`,
  ]);
  expect(printed).toContain('$ npx synod token read --id 101 --host 127.0.0.1 --port P3\n');
  expectNothingLeft();
});

test('an address that is taken is told, and nothing is left', async () => {
  const holder = createServer();
  await once(holder.listen(ports[1], '127.0.0.1'), 'listening');
  try {
    const example = start();
    await once(example.child, 'close');
    expect(example.child.exitCode).toBe(1);
    const address = `127.0.0.1:${(holder.address() as AddressInfo).port}`;
    expect(example.stderr).toMatch(
      new RegExp(`^tokens\\.sh: synod-register-server: address ${address} is already in use\n$`),
    );
    expectNothingLeft();
  } finally {
    holder.close();
  }
});

test('it cleans up when it is ended', async () => {
  const example = start();
  while (!example.stdout.includes('token write')) await once(example.child.stdout!, 'data');
  example.child.kill('SIGTERM');
  await once(example.child, 'close');
  expect(example.child.exitCode).toBe(143);
  expectNothingLeft();
});

function expectNothingLeft(): void {
  expect(bench.servers()).toEqual([]);
  expect(bench.files()).toEqual(['tokens.yaml']);
}

function start(): { readonly child: ChildProcess; stdout: string; stderr: string } {
  const env = { ...process.env, TMPDIR: bench.folder };
  const child = spawn('sh', [script, 'tokens.yaml'], { cwd: bench.folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const example = { child, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (example.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (example.stderr += text));
  return example;
}

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { freePorts } from '@synod/cluster';
import { Workbench, type Synod } from '../testing/workbench.js';

/** Token 101 on all three; token 102, which its writer writes by itself, on the last two. */
const scheme = (a: string, b: string, c: string) => `- token: 101
  writer: ${a}
  readers: [${b}, ${c}]
- { token: 102, writer: ${b}, readers: [${c}], name: abc, domain: [5, 14, 20] }
`;
const abc = '"abc" [1, 5, 25)  partial x=4 (hash 2207634929195471568)';

let bench: Workbench;
let addresses: string[];
beforeAll(async () => {
  bench = await Workbench.make();
  const ports = (await freePorts(3)).sort((one, other) => one - other);
  addresses = ports.map((port) => `127.0.0.1:${port}`);
  const [a, b, c] = addresses as [string, string, string];
  await bench.write('tokens.yaml', scheme(a, b, c));
  await bench.write('test.csv', '1,"(S1, S2, 5)","[S1, S2]"\n');
});
afterAll(() => bench.close());

describe('register servers alone', () => {
  let synod: Synod;
  let a: string;
  let b: string;
  let c: string;
  beforeAll(async () => {
    [a, b, c] = addresses as [string, string, string];
    synod = bench.start('up', '--registers', 'tokens.yaml', '--no-ledger');
    await synod.shows('   Unsilence <server> [token]\n');
  });

  test('begin with where everything is, and the commands that can be used', () => {
    expect(synod.stdout).toMatch(
      new RegExp(
        `^3 register servers run: ${a}, ${b}, ${c}\nData: .* \\(removed at the end; .*\\)\nOutput: .*\\.log\n\n4\\. `,
      ),
    );
    expect(bench.servers()).toHaveLength(3);
  });

  test('what belongs to the ledger says so', async () => {
    expect(await synod.ask('5')).toBe('NextIteration needs the ledger, which does not run here: leave out --no-ledger');
  });

  test('a token is written, and read; all replicas hold it', async () => {
    expect(await synod.ask('ReadToken 101')).toBe('token "101" was never written');
    expect(await synod.ask('WriteToken 101 abc 1 5 25')).toBe(`token 101 ${abc}  tag 1@${a}`);
    expect(await synod.ask('readtoken 101')).toBe(`token 101 ${abc}  final x=15 (hash 902613196918738813)  tag 1@${a}`);
    const facts = JSON.parse(await synod.ask('Tokens --json')) as { tokens: { id: string; writer: string }[] };
    expect(facts.tokens).toEqual([
      expect.objectContaining({ id: '101', writer: a, newest: [1, a] }),
      expect.objectContaining({ id: '102', writer: b, newest: [1, b] }),
    ]);
  });

  test('a replica that is silent about a token is not needed, and told as silent', async () => {
    expect(await synod.ask(`Silence ${c} 101`)).toBe(
      `${c} is silent: it sends nothing about token 101, until Unsilence ${c} 101 or its restart.`,
    );
    expect(await synod.ask('WriteToken 101 abc 10 20 100')).toMatch(/tag 2@/);
    expect(await synod.ask('ReadToken 101')).toMatch(/final x=70 \(hash 60570345165277511\) {2}tag 2@/);
    const tokens = await synod.ask('Tokens');
    expect(tokens).toContain(`token 101: 2 of 3 replicas hold tag 2@${a}, a majority; 1 does not tell\n`);
    expect(tokens).toMatch(new RegExp(`${c} +reader +not told \\(silent\\)`));
    expect(tokens).toContain(`token 102: all 2 replicas hold tag 1@${b}\n`);
    expect(await synod.ask(`Unsilence ${c} 101`)).toBe(`${c} speaks about token 101 again.`);
    expect(await synod.ask('Tokens')).not.toContain('silent');
  });

  test('a server that is silent about everything', async () => {
    expect(await synod.ask(`Silence ${c}`)).toBe(
      `${c} is silent: it sends nothing to anybody, until Unsilence ${c} or its restart.`,
    );
    expect(await synod.ask('Tokens')).toMatch(
      new RegExp(
        `token 102: 1 of 2 replicas holds .*; 1 does not tell\n(.*\n)+.*${c} .*\\(silent about everything\\)$`,
      ),
    );
    expect(await synod.ask(`Unsilence ${c}`)).toBe(`${c} speaks again.`);
    expect(await synod.ask('ReadToken 102')).toMatch(/partial x=12 \(hash 1315358797943274660\)/);
  });

  test('what a crashed server holds is told from its data directory', async () => {
    expect(await synod.ask(`CrashServer ${a}`)).toBe(
      `${a} is killed (SIGKILL). What it holds is still told by Tokens; RestartServer ${a} starts it again.`,
    );
    expect(bench.servers()).toHaveLength(2);
    expect(await synod.ask('Tokens')).toMatch(
      new RegExp(`${a} +writer +2@${a} +"abc" \\[10, 20, 100\\) .* \\(crashed, from its data directory\\)\n`),
    );
    expect(await synod.ask('ReadToken 101')).toMatch(/tag 2@/);
    expect(await synod.ask('WriteToken 101 x 1 2 3')).toBe(
      `only ${a} changes token 101: ${a} has crashed: RestartServer ${a} starts it again`,
    );
    expect(await synod.ask(`Silence ${a}`)).toBe(`${a} has crashed: RestartServer ${a} starts it again`);
    expect(await synod.ask(`Performance ${a}`)).toBe(`${a} (crashed): no figures, they are not kept on disk`);
    expect(await synod.ask(`RestartServer ${a}`)).toBe(`${a} runs again on its data and takes part.`);
    expect(await synod.ask('WriteToken 101 abc 1 5 25')).toMatch(/tag 3@/);
  });

  test('a token is dropped, and created anew', async () => {
    expect(await synod.ask('CreateToken 101')).toBe('token "101" exists');
    expect(await synod.ask('DropToken 101')).toBe(`token 101 dropped  tag 4@${a}`);
    expect(await synod.ask('ReadToken 101')).toBe('token "101" was dropped: create it first');
    expect(await synod.ask('CreateToken 101')).toBe(`token 101 created  tag 5@${a}`);
  });

  test('a disconnected server answers what it holds, which may be old', async () => {
    expect(await synod.ask(`Disconnect ${c}`)).toBe(`${c} is cut off from ${a}, ${b}, until Connect ${c}.`);
    await synod.ask('WriteToken 101 abc 1 5 25');
    const tokens = await synod.ask('Tokens');
    expect(tokens).toContain(`token 101: 2 of 3 replicas hold tag 6@${a}, a majority\n`);
    expect(tokens).toMatch(new RegExp(`${c} +reader .* \\(disconnected\\)\n`));
    await synod.ask(`CrashServer ${c}`);
    expect(await synod.ask(`RestartServer ${c}`)).toBe(
      `${c} runs again on its data, without links until Connect ${c}.`,
    );
    expect(await synod.ask(`Connect ${c}`)).toBe(`${c} is linked to ${a}, ${b}.`);
  });

  test('Performance counts operations', async () => {
    expect(await synod.ask(`4 ${a}`)).toMatch(/\d operations: mean [\d.]+ ms, .*\n {4}token\/101 {2}write {2}/);
    expect((await synod.ask('Performance all')).match(/^127.*$/gm)).toEqual([a, b, c]);
  });

  test('quit ends all servers and removes the data', async () => {
    synod.type('quit');
    expect(await synod.exit).toEqual({ code: 0, signal: null });
    expect(synod.stderr).toBe('');
    expect(bench.servers()).toEqual([]);
    expect(bench.logs()).toEqual([synod.stdout]);
    expect(bench.files().filter((name) => !name.startsWith('output_'))).toEqual(['test.csv', 'tokens.yaml']);
  });
});

describe('with a ledger', () => {
  test('both run, and each command goes to whom it concerns', async () => {
    const [a, b] = addresses as [string, string];
    const synod = bench.start('up', '--servers', '2', '--registers', 'tokens.yaml', '--data', 'data');
    await synod.shows('   Unsilence <server> [token]\n');
    expect(synod.stdout).toMatch(/^2 servers run: S1 .*\n3 register servers run: /);
    expect(synod.stdout).toContain('7. BalanceMap <server>\n   Tokens\n');
    expect(bench.servers()).toHaveLength(5);
    expect(await synod.ask('NextIteration')).toMatch(/^Set 1, live /);
    expect(await synod.ask('WriteToken 101 abc 1 5 25')).toBe(`token 101 ${abc}  tag 1@${a}`);
    expect((await synod.ask('Performance all')).match(/^(S\d|127\S+)$/gm)).toEqual(['S1', 'S2', ...addresses]);
    expect(await synod.ask('CrashServer S2')).toMatch(/^S2 is killed/);
    expect(await synod.ask(`CrashServer ${b}`)).toMatch(new RegExp(`^${b} is killed`));
    expect(await synod.ask('ReadToken 101')).toMatch(/final x=15/);
    expect(await synod.ask('RestartServer S2')).toMatch(/^S2 runs again on its data and has caught up/);
    synod.end();
    expect(await synod.exit).toEqual({ code: 0, signal: null });
    expect(bench.servers()).toEqual([]);
    const later = bench.start('up', '--registers', 'tokens.yaml', '--no-ledger', '--data', 'data');
    expect(await later.ask('ReadToken 101')).toMatch(new RegExp(`tag 1@${a}$`));
    later.end();
    expect(await later.exit).toEqual({ code: 0, signal: null });
  });
});

describe('what can not be started is told in one line', () => {
  let logs: number;
  beforeEach(() => {
    logs = bench.logs().length;
  });

  test.each([
    [
      'nothing is left',
      ['--no-ledger'],
      /^synod: --no-ledger: nothing is left to start: --registers <file> is missing\n$/,
    ],
    [
      'a file that nobody plays',
      ['file.csv', '--no-ledger', '--registers', 'tokens.yaml'],
      /^synod: --no-ledger: nobody plays file\.csv: leave it out\n$/,
    ],
    [
      'flags of the ledger',
      ['--no-ledger', '--registers', 'tokens.yaml', '--short', 'queue'],
      /option '--no-ledger' cannot be used with option '--short <policy>'/,
    ],
    ['no such scheme', ['--no-ledger', '--registers', 'none.yaml'], /^synod: none\.yaml: .*\n$/],
    [
      'a name that two servers have',
      ['--registers', 'cluster.yaml'],
      /^synod: --registers: S1 is also a server of the ledger: rename one of them, or start the registers alone with --no-ledger\n$/,
    ],
  ])('%s', async (_, args, message) => {
    const [address] = addresses;
    const registers = '[{ key: x, writer: S1, readers: [S1] }]';
    await bench.write(
      'cluster.yaml',
      `{ cluster: c, servers: [{ id: S1, address: '${address}' }], registers: ${registers} }`,
    );
    const { code, stdout, stderr } = await bench.run('up', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(bench.logs()).toHaveLength(logs);
    expect(bench.servers()).toEqual([]);
  });

  test('an address that is taken', async () => {
    const holder = bench.start('up', '--registers', 'tokens.yaml', '--no-ledger');
    await holder.shows('   Tokens\n');
    const { code, stderr } = await bench.run('up', '--registers', 'tokens.yaml', '--servers', '2');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `synod: address ${addresses[0]} is already in use; nothing was started\n`,
    });
    expect(bench.servers()).toHaveLength(3);
    holder.end();
    expect(await holder.exit).toEqual({ code: 0, signal: null });
    expect(bench.servers()).toEqual([]);
  });
});

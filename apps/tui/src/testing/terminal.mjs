// A process that shows the terminal interface of a cluster that is made up. Its commands do nothing but print where they
// should not. Says on the way out how it left.
import { runTui } from '../../dist/index.js';

const servers = ['S1', 'S2', 'S3'];
const at = (news) => ({ timeMs: Date.now(), news });
const report = (server, height) => ({
  type: 'ledger-report',
  report: {
    status: {
      server,
      height,
      hash: '00'.repeat(32),
      promised: { round: 1, server: 'S1' },
      round: undefined,
      logLength: 0,
      pending: 0,
      undecided: 0,
      connected: servers.filter((other) => other !== server),
      ready: true,
      catchingUp: false,
    },
    own: [{ account: server, home: server, committed: 100n, spendable: 100n, pending: 0 }],
    performance: {
      transfersPerSecond: 0,
      p50Ms: 0,
      p99Ms: 0,
      writes: { count: 0, p50Ms: 0, p99Ms: 0 },
      loopDelayMs: 0,
    },
  },
});

let deliver = () => undefined;
const feed = {
  start(to) {
    deliver = to;
    const addresses = servers.map((id) => ({ id, address: '127.0.0.1:1' }));
    to([at({ type: 'cluster', cluster: 'made-up', servers: addresses }), ...servers.map((id) => at(report(id, 0)))]);
    return () => undefined;
  },
  want: () => undefined,
};

const commands = {
  rows: [
    { number: 1, name: 'Print', usage: 'Print', summary: 'print on the screen', choices: () => [] },
    { number: 2, name: 'Grow', usage: 'Grow', summary: 'let the chain grow', choices: () => [] },
  ],
  check: (line) => ({ ok: /^(1|2|Print|Grow)$/.test(line), text: line }),
  async run(line) {
    if (line === '2' || line === 'Grow') {
      for (let height = 1; height <= 50; height++) deliver([at(report('S1', height))]);
    } else {
      console.log('a stray line\nand another one');
      process.stderr.write('\u001b[2Ja stray line on stderr\n');
    }
    return { failed: false, lines: [`${line} was done`] };
  },
};

await runTui({ feed, commands, historyFile: process.argv[2], directory: process.argv[3] });
process.stdout.write('left\n');

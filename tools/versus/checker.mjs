// The linearizability check, reading the file included: a history of clients that read and write a few keys.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './processes.mjs';

const synod = fileURLToPath(new URL('../../apps/cli/bin/synod.js', import.meta.url));
const operations = 100_000;
const clients = 16;
const keys = 100;

/** What `synod check` says it took. */
export async function measureChecker(_, { directory }) {
  const file = join(directory, 'history.jsonl');
  writeFileSync(file, history());
  const { milliseconds, verdict } = JSON.parse(await run(process.execPath, [synod, 'check', '--json', file]));
  if (verdict !== 'linearizable') throw new Error(`synod check: ${verdict}`);
  return { perSecond: (operations * 1000) / milliseconds, p50: NaN, p99: NaN };
}

/** Every operation takes effect when it ends, and overlaps those of the other clients. */
function history() {
  const lines = [];
  const held = new Map();
  const pending = Array.from({ length: clients }, () => undefined);
  let time = 0;
  for (let n = 0; n < operations + clients; n++) {
    const process = n % clients;
    const before = pending[process];
    if (before) {
      const { f, key, value } = before;
      if (f === 'write') held.set(key, value);
      const found = f === 'write' ? value : (held.get(key) ?? null);
      lines.push(JSON.stringify({ process, type: 'ok', f, key, value: found, time: time++ }));
    }
    if (n >= operations) continue;
    const f = Math.random() < 0.5 ? 'read' : 'write';
    const key = `r${Math.floor(Math.random() * keys)}`;
    const value = f === 'write' ? `v${n}` : null;
    lines.push(JSON.stringify({ process, type: 'invoke', f, key, value, time: time++ }));
    pending[process] = { f, key, value };
  }
  return `${lines.join('\n')}\n`;
}

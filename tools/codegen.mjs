// Generates packages/transport/src/gen from proto/ (buf with ts-proto, see proto/buf.gen.yaml), and copies the proto
// files to packages/transport/proto: the published package needs them for server reflection.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const path = (relative) => fileURLToPath(new URL(relative, root));

const { status, error } = spawnSync(process.execPath, [path('node_modules/@bufbuild/buf/bin/buf'), 'generate'], {
  cwd: path('proto'),
  stdio: 'inherit',
  env: { ...process.env, PATH: `${path('node_modules/.bin')}${delimiter}${process.env.PATH}` },
});
if (error) throw error;
if (status !== 0) process.exit(status ?? 1);

const copy = path('packages/transport/proto');
rmSync(copy, { recursive: true, force: true });
cpSync(path('proto/synod'), `${copy}/synod`, { recursive: true });

// Generates packages/transport/src/gen from proto/ and from gRPC's own health service (buf with ts-proto, see
// proto/buf.gen.yaml), and what the published package needs beside its code in packages/transport/proto: the proto files,
// for clients in any language, and the descriptors of all services, that of health among them, for server reflection.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const path = (relative) => fileURLToPath(new URL(relative, root));
const shipped = path('packages/transport/proto');

buf('generate');
rmSync(shipped, { recursive: true, force: true });
mkdirSync(shipped, { recursive: true });
cpSync(path('proto/synod'), `${shipped}/synod`, { recursive: true });
// Descriptor sets are lists: one behind the other they are one list.
const sets = ['proto', 'node_modules/grpc-health-check/proto'].map((folder, i) => {
  const file = `${shipped}/${i}.binpb`;
  buf('build', path(folder), '--as-file-descriptor-set', '--exclude-source-info', '-o', file);
  const set = readFileSync(file);
  rmSync(file);
  return set;
});
writeFileSync(`${shipped}/descriptors.binpb`, Buffer.concat(sets));

function buf(...args) {
  const { status, error } = spawnSync(process.execPath, [path('node_modules/@bufbuild/buf/bin/buf'), ...args], {
    cwd: path('proto'),
    stdio: 'inherit',
    env: { ...process.env, PATH: `${path('node_modules/.bin')}${delimiter}${process.env.PATH}` },
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

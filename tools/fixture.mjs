import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * A workspace in a temporary folder, for checks that must be seen to fail. `files` maps paths to contents; every
 * `packages/*` in it is linked under `node_modules/@synod`, as npm would. The caller disposes of it.
 */
export function makeWorkspace(files) {
  const root = mkdtempSync(join(tmpdir(), 'synod-fixture-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  mkdirSync(join(root, 'node_modules', '@synod'), { recursive: true });
  for (const name of new Set(Object.keys(files).flatMap((path) => path.match(/^packages\/([^/]+)\//)?.[1] ?? []))) {
    symlinkSync(join(root, 'packages', name), join(root, 'node_modules', '@synod', name));
  }
  return { root, dispose: () => rmSync(root, { recursive: true, force: true }) };
}

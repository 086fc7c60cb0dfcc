import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The module behind the only command of an npm package, given the path of its package.json. */
export function binOf(manifest: string): string {
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: Record<string, string> };
  return join(dirname(manifest), Object.values(bin)[0]!);
}

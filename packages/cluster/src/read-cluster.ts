import { checkCluster } from './check-cluster.js';
import type { Cluster } from './cluster.js';
import { loadText, readYaml } from './config-file.js';

/**
 * Reads the text of a `cluster.yaml`. Throws `SynodError` `config`, one line with `file`, the field or the line, what
 * is wrong and what would be right.
 */
export function readCluster(text: string, { file }: { readonly file: string }): Cluster {
  const [document] = readYaml(text, file, { most: 1 });
  return checkCluster(document, file);
}

/** Reads a `cluster.yaml` from disk; like `readCluster`, and `config` too if it can not be read. */
export async function loadCluster(path: string): Promise<Cluster> {
  return readCluster(await loadText(path), { file: path });
}

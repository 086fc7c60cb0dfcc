import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import { checkCluster } from './check-cluster.js';
import type { Cluster } from './cluster.js';
import { configError } from './config-error.js';

/**
 * Reads the text of a `cluster.yaml`. Throws `SynodError` `config`, one line with `file`, the field or the line, what
 * is wrong and what would be right.
 */
export function readCluster(text: string, { file }: { readonly file: string }): Cluster {
  return checkCluster(readYaml(text, file), file);
}

/** Reads a `cluster.yaml` from disk; like `readCluster`, and `config` too if it can not be read. */
export async function loadCluster(path: string): Promise<Cluster> {
  return readCluster(decode(await read(path), path), { file: path });
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw configError(path, [], code === 'ENOENT' ? 'there is no such file' : `can not be read (${code})`);
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw configError(path, [], 'is not UTF-8 text');
  }
}

/** One document as mappings, lists and text: the failsafe schema leaves every scalar as it is written. */
function readYaml(text: string, file: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'failsafe',
    stringKeys: true,
    lineCounter: lines,
    prettyErrors: false,
  });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    const what = problem.code === 'MULTIPLE_DOCS' ? 'a second document begins: write one' : problem.message;
    throw configError(file, [], `line ${line}, column ${col}: ${what}`);
  }
  try {
    return document.toJS();
  } catch (error) {
    throw configError(file, [], (error as Error).message); // aliases without anchor, or too many of them
  }
}

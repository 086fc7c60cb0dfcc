import { readFile } from 'node:fs/promises';
import { LineCounter, parseAllDocuments } from 'yaml';
import { configError } from './config-error.js';

/** The text of a configuration file. Throws `SynodError` `config` if it can not be read or is not UTF-8. */
export async function loadText(path: string): Promise<string> {
  const bytes = await read(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw configError(path, [], 'is not UTF-8 text');
  }
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw configError(path, [], code === 'ENOENT' ? 'there is no such file' : `can not be read (${code})`);
  }
}

/**
 * The documents of a YAML text as mappings, lists and text: the failsafe schema leaves every scalar as it is written.
 * Throws `SynodError` `config` with line and column; also if there are more than `most` documents.
 */
export function readYaml(text: string, file: string, { most }: { readonly most: number }): unknown[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    stringKeys: true,
    lineCounter: lines,
    prettyErrors: false,
  });
  const refuse = (offset: number, what: string) => {
    const { line, col } = lines.linePos(offset);
    return configError(file, [], `line ${line}, column ${col}: ${what}`);
  };
  return Array.from(documents, (document, i) => {
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem) throw refuse(problem.pos[0], problem.message);
    if (i === most) throw refuse(document.range[0], 'a second document begins: write one');
    try {
      return document.toJS() as unknown;
    } catch (error) {
      throw configError(file, [], (error as Error).message); // aliases without anchor, or too many of them
    }
  });
}

import { configError, loadText, readYaml, type FieldPath } from '@synod/cluster';
import { compareNatural } from '@synod/kernel';
import { checkToken, type Refuse } from './check-scheme.js';
import type { TokenConfig, TokenScheme } from './scheme.js';

/** The tokens of one scheme; more are a mistake, or an attack. */
export const maxDocuments = 10_000;

/**
 * Reads a replication scheme: YAML, an array of `token`, `writer`, `readers` (docs/registers.md), in
 * one document or several. Throws `SynodError` `config`: one line with the file, the field, what is wrong and what
 * would be right.
 */
export function readScheme(text: string, { file }: { readonly file: string }): TokenScheme {
  return checkScheme(readYaml(text, file, { most: maxDocuments }), file);
}

/** Makes a scheme of what the documents of a file say, scalars being text. Throws `SynodError` `config`. */
export function checkScheme(documents: readonly unknown[], file: string): TokenScheme {
  const tokens: TokenConfig[] = [];
  const seen = new Set<string>();
  for (const [i, document] of documents.entries()) {
    const place: FieldPath = documents.length > 1 ? [`document ${i + 1}`] : [];
    const refuse: Refuse = (path, what) => configError(file, [...place, ...path], what);
    for (const [path, item] of itemsOf(document, refuse)) {
      const token = checkToken(item, path, refuse);
      if (seen.has(token.id)) throw refuse(path, `token ${JSON.stringify(token.id)} stands twice: each id is unique`);
      seen.add(token.id);
      tokens.push(token);
    }
  }
  if (tokens.length === 0) throw configError(file, [], `holds no token, for example ${example}`);
  const nodes = [...new Set(tokens.flatMap(({ replicas }) => replicas))].sort(compareNatural);
  return { tokens, nodes };
}

/** Reads a replication scheme from disk; like `readScheme`, and `config` too if it can not be read. */
export async function loadScheme(path: string): Promise<TokenScheme> {
  return readScheme(await loadText(path), { file: path });
}

const example = '- {token: 101, writer: "127.0.0.1:7001", readers: ["127.0.0.1:7002"]}';

/** A document is a list of tokens, one token, or empty (such as after a last `---`). */
function itemsOf(document: unknown, refuse: Refuse): [path: FieldPath, item: unknown][] {
  if (Array.isArray(document)) return document.map((item, i) => [[i], item]);
  if (document === null || document === undefined || document === '') return [];
  if (typeof document === 'object') return [[[], document]];
  throw refuse([], `is not a list of tokens, for example ${example}`);
}

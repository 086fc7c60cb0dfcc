import { addressPattern, quote, type FieldPath } from '@synod/cluster';
import { compareNatural, SynodError, type NodeId } from '@synod/kernel';
import { parseDomain, type Domain } from './domain.js';
import type { TokenConfig } from './scheme.js';
import { checkId, checkName } from './token.js';

/** Makes the error that says what is wrong with a field. */
export type Refuse = (path: FieldPath, what: string) => Error;

/** What each field may be called in a file; the first name is the usual one. */
const spellings = {
  token: ['token', 'id', 'token_id'],
  writer: ['writer'],
  readers: ['readers', 'reader'],
  name: ['name'],
  domain: ['domain'],
} as const;

type Field = keyof typeof spellings;
type Fields = Readonly<Partial<Record<Field, { readonly path: FieldPath; readonly value: unknown }>>>;

/** Makes a token of one item of a scheme, whose scalars are their source text. */
export function checkToken(item: unknown, path: FieldPath, refuse: Refuse): TokenConfig {
  const fields = readFields(item, path, refuse);
  const id = readText(fields, 'token', path, '101', refuse, checkId);
  const writer = readAccessPoint(fields.writer?.value, [...path, 'writer'], refuse);
  const replicas = [...new Set([writer, ...readReaders(fields, path, refuse)])].sort(compareNatural);
  return { id, writer, replicas, initial: readInitial(fields, path, refuse) };
}

function readFields(item: unknown, path: FieldPath, refuse: Refuse): Fields {
  const known = 'known keys are token, writer, readers, name, domain';
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    throw refuse(path, `is not a mapping: ${known}`);
  const fields: Partial<Record<Field, { path: FieldPath; value: unknown }>> = {};
  for (const [key, value] of Object.entries(item)) {
    const field = fieldNames.find((name) => spellings[name].some((spelling) => spelling === key));
    if (!field) throw refuse(path, `unknown key ${quote(key)}: ${known}`);
    if (fields[field]) throw refuse([...path, key], `says again what ${field} says: write one of them`);
    fields[field] = { path: [...path, key], value };
  }
  return fields;
}

const fieldNames = Object.keys(spellings) as Field[];

function readText(
  fields: Fields,
  field: Field,
  path: FieldPath,
  example: string,
  refuse: Refuse,
  check: (text: string) => void,
): string {
  const { path: at = [...path, field], value } = fields[field] ?? {};
  if (value === undefined) throw refuse(at, `is missing, for example ${example}`);
  if (typeof value !== 'string') throw refuse(at, `is not text, for example ${example}`);
  return asConfig(at, refuse, () => {
    check(value);
    return value;
  });
}

function readReaders(fields: Fields, path: FieldPath, refuse: Refuse): NodeId[] {
  const { path: at = [...path, 'readers'], value } = fields.readers ?? {};
  const example = 'for example ["127.0.0.1:7002", "127.0.0.1:7003"]';
  if (value === undefined || value === '') throw refuse(at, `is missing, ${example}`);
  if (typeof value === 'string') return [readAccessPoint(value, at, refuse)];
  if (!Array.isArray(value)) throw refuse(at, `is not a list, ${example}`);
  return value.map((reader, i) => readAccessPoint(reader, [...at, i], refuse));
}

function readAccessPoint(value: unknown, path: FieldPath, refuse: Refuse): NodeId {
  if (value === undefined) throw refuse(path, 'is missing, for example 127.0.0.1:7001');
  if (typeof value === 'string' && addressPattern.test(value)) return value;
  throw refuse(
    path,
    `${typeof value === 'string' ? `${quote(value)} ` : ''}is not host:port, for example 127.0.0.1:7001`,
  );
}

function readInitial(fields: Fields, path: FieldPath, refuse: Refuse): TokenConfig['initial'] {
  if (!fields.name && !fields.domain) return undefined;
  const name = readText(fields, 'name', path, 'abc', refuse, checkName);
  return { name, domain: readDomain(fields, path, refuse) };
}

function readDomain(fields: Fields, path: FieldPath, refuse: Refuse): Domain {
  const { path: at = [...path, 'domain'], value } = fields.domain ?? {};
  if (value === undefined) throw refuse(at, 'is missing, for example [1, 5, 25]');
  const [low, mid, high, ...more] = Array.isArray(value) ? (value as unknown[]) : [];
  if (typeof low !== 'string' || typeof mid !== 'string' || typeof high !== 'string' || more.length > 0) {
    throw refuse(at, 'is not [low, mid, high], for example [1, 5, 25]');
  }
  return asConfig(at, refuse, () => parseDomain(low, mid, high));
}

/** What requests are refused for is refused in a file too, where the error says what the field is. */
function asConfig<T>(path: FieldPath, refuse: Refuse, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SynodError)) throw error;
    throw refuse(path, error.message.replace(/^(?:id|name|domain): /, ''));
  }
}

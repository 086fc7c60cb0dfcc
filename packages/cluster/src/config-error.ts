import { SynodError } from '@synod/kernel';

/** Where in a configuration something stands: `['servers', 2, 'address']`. */
export type FieldPath = readonly PropertyKey[];

/** `cluster.yaml: servers[2].address: "x" is not host:port` */
export function configError(file: string, path: FieldPath, what: string): SynodError {
  const field = path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  );
  return new SynodError('config', field === '' ? `${file}: ${what}` : `${file}: ${field}: ${what}`);
}

/** Text of a configuration, made safe for one line of a terminal. */
export function quote(value: unknown): string {
  const text = String(value);
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

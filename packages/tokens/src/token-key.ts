/** Tokens have a part of the keys to themselves, whatever their ids look like. */
const prefix = 'token/';

/** The register of a token. */
export function tokenKey(id: string): string {
  return `${prefix}${id}`;
}

/** The id of the only token whose register could have that key; undefined: no token's. */
export function tokenIn(key: string): string | undefined {
  return key.startsWith(prefix) ? key.slice(prefix.length) : undefined;
}

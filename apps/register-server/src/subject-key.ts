import { SynodError } from '@synod/kernel';
import { replicationIn, tokenKey, type RegisterConfig } from '@synod/tokens';
import type { SilenceSubject } from '@synod/transport/server';

/** The register that a silence is about. Throws `SynodError` `unknown_token` or `unknown_key`. */
export function subjectKey({ key, token }: SilenceSubject, config: RegisterConfig): string {
  if (token !== undefined) {
    if (config.tokens.some(({ id }) => id === token)) return tokenKey(token);
    throw new SynodError('unknown_token', `no token ${JSON.stringify(token)} is configured`);
  }
  if (key !== undefined && replicationIn(config)(key)) return key;
  throw new SynodError('unknown_key', `no register ${JSON.stringify(key)} is configured`);
}

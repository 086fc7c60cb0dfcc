import { SynodError } from '@synod/kernel';
import { replicationIn, tokenKey, type RegisterConfig } from '@synod/tokens';

/** The register that a silence is about. Throws `SynodError` `unknown_token` or `unknown_key`. */
export function subjectKey(
  subject: { readonly key: string } | { readonly token: string },
  config: RegisterConfig,
): string {
  if ('token' in subject) {
    if (config.tokens.some(({ id }) => id === subject.token)) return tokenKey(subject.token);
    throw new SynodError('unknown_token', `no token ${JSON.stringify(subject.token)} is configured`);
  }
  if (replicationIn(config)(subject.key)) return subject.key;
  throw new SynodError('unknown_key', `no register ${JSON.stringify(subject.key)} is configured`);
}

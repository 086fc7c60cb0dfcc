import { SynodError } from '@synod/kernel';
import { checkId } from '@synod/tokens/vocabulary';
import type { TokenOperation, TokenOutcome } from '@synod/transport/client';
import { objectionOf } from './objection-of.js';
import type { Traffic } from './traffic.js';

/** Operations of tokens. */
export const tokenTraffic: Traffic<TokenOperation, TokenOutcome> = {
  session: (link) => link.tokens,
  isRead: ({ type }) => type === 'read',
  asRead: ({ id }) => ({ type: 'read', id }),
  access: (routes, { id }) => routes.ofToken(id),
  objection: ({ id }) => objectionOf(() => checkId(id)),
  unknown: ({ id }) => new SynodError('unknown_token', `no token ${JSON.stringify(id)} is configured`),
  describe: ({ type, id }) => `the ${type} of token ${JSON.stringify(id)}`,
  // A reader may have to search for long, and would begin again.
  readByQuorum: undefined,
  isBrief: false,
};

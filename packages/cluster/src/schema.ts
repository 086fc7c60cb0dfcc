import { z } from 'zod';
import { quote } from './config-error.js';

/** Balances are unsigned 64-bit numbers. */
export const maxBalance = 2n ** 64n - 1n;

export const maxServers = 99;

// No control, format or surrogate characters, slashes or outer spaces; a letter or digit, so that `..` is no name.
const namePattern = /^(?=.*[\p{L}\p{N}])(?!\s)[^\p{C}\p{Zl}\p{Zp}/\\]{1,64}(?<!\s)$/u;

const portPattern = '(?:6553[0-5]|655[0-2]\\d|65[0-4]\\d{2}|6[0-4]\\d{3}|[1-5]\\d{4}|[1-9]\\d{0,3})';

/** `host:port` of a server that others can find: an IPv6 host in brackets, the port not 0. */
export const addressPattern = new RegExp(`^(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\]):${portPattern}$`);

/** Text that matches a pattern. `what` and `example` end the sentence `"…" is not …, for example …`. */
function text(pattern: RegExp, what: string, example: string) {
  const complaint = ({ input }: { input?: unknown }) =>
    input === undefined
      ? `is missing, for example ${example}`
      : typeof input === 'string'
        ? `${quote(input)} is not ${what}, for example ${example}`
        : `is not ${what}, for example ${example}`;
  return z.string({ error: complaint }).regex(pattern, { error: complaint, abort: true });
}

/**
 * The published schema says a little less than the pattern: YAML readers that guess types see some names as numbers,
 * and few validators know Unicode classes.
 */
function name(example: string) {
  const what = 'a name (1 to 64 characters, at least one letter or digit, no slash, control character or outer space)';
  return text(namePattern, what, example).meta({ type: ['string', 'number'], pattern: '^[^/\\\\]{1,64}$' });
}

function address(example: string) {
  return text(addressPattern, 'host:port', example);
}

function balance() {
  const what = `a whole number from 0 to ${maxBalance}`;
  return text(/^(?:0|[1-9]\d{0,19})$/, what, '100')
    .refine((digits) => BigInt(digits) <= maxBalance, { error: ({ input }) => `${quote(input)} is not ${what}` })
    .meta({ type: ['integer', 'string'], minimum: 0 })
    .transform(BigInt);
}

function mapping<S extends z.ZodRawShape>(shape: S) {
  const known = `known keys are ${Object.keys(shape).join(', ')}`;
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown key ${issue.keys.map(quote).join(', ')}: ${known}`
        : `is not a mapping: ${known}`,
  });
}

/** A list with at least one item. */
function list<T extends z.ZodType>(item: T, example: string) {
  return z
    .array(item, {
      error: ({ input }) => `${input === undefined ? 'is missing' : 'is not a list'}, for example ${example}`,
    })
    .min(1, { error: `is empty, for example ${example}` });
}

const server = mapping({
  id: name('S1').describe('Unique name of the server'),
  address: address('127.0.0.1:7001').describe('host:port of clients and peers'),
  admin: address('127.0.0.1:8001').optional().describe('host:port of health and metrics'),
});

const account = mapping({
  id: name('alice').describe('Unique name of the account'),
  home: name('S1').describe('The server that executes its outgoing transfers'),
  initial: balance().optional().describe('Initial balance; ledger.initial by default'),
});

const ledger = mapping({
  initial: balance().optional().describe('Initial balance of each account; 100 by default'),
  accounts: list(account, '[{id: alice, home: S1}]')
    .optional()
    .describe('By default one account per server, of its name'),
});

const register = mapping({
  key: text(/^[^\p{C}*]{1,255}\*?$|^\*$/u, 'a key, or the beginning of keys and *', 'config/*')
    .meta({ pattern: '^[^*]{1,255}\\*?$|^\\*$' })
    .describe('A key, or a prefix followed by *'),
  writer: name('S1').describe('The one server that writes, or any'),
  readers: list(name('S2'), '[S1, S2, S3]').describe('The servers that read'),
});

/**
 * The schema of `cluster.yaml`, over scalars that are still their source text: `id: 007` is the name 007, and no
 * number passes through a double. What concerns several fields at once is checked in `check-cluster.ts`.
 */
export const clusterSchema = mapping({
  cluster: name('bank').describe('Unique name of the cluster'),
  servers: list(server, '[{id: S1, address: 127.0.0.1:7001}]').max(maxServers, {
    error: ({ input }) => `names ${(input as unknown[]).length} servers: a cluster has at most ${maxServers}`,
  }),
  ledger: ledger.optional(),
  registers: list(register, '[{key: "config/*", writer: S1, readers: [S1, S2, S3]}]').optional(),
  tokens: text(/^[^\p{Cc}]+$/u, 'a path', 'tokens.yaml')
    .meta({ pattern: '.' })
    .optional()
    .describe('Path of a token replication scheme'),
});

/** What the schema lets through: the fields as written, balances as numbers. */
export type WrittenCluster = z.output<typeof clusterSchema>;

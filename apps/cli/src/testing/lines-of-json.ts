/** What a command found, as it is printed with `--json` (docs/formats.md): as far as lines of text show it too. */
export type JsonFacts =
  | { readonly kind: 'said'; readonly text: string }
  | {
      readonly kind: 'balances';
      readonly rows: readonly { readonly account: string; readonly home: string; readonly spendable: number }[];
    }
  | {
      readonly kind: 'logs';
      readonly servers: readonly {
        readonly server: string;
        readonly entries: readonly { readonly sequence: number; readonly value: JsonTransfer }[];
        readonly pending: readonly JsonTransfer[];
      }[];
    }
  | {
      readonly kind: 'blocks';
      readonly servers: readonly { readonly server: string; readonly blocks: readonly JsonBlock[] }[];
    }
  | {
      readonly kind: 'performance';
      readonly servers: readonly { readonly server: string; readonly report: JsonReport }[];
    }
  | {
      readonly kind: 'balance-maps';
      readonly accounts: readonly string[];
      readonly servers: readonly {
        readonly server: string;
        readonly height: number;
        readonly balances: Readonly<Record<string, number>>;
      }[];
    }
  | {
      readonly kind: 'account-map';
      readonly views: readonly { readonly server: string; readonly balance: number }[];
      readonly aggregate: number;
    }
  | {
      readonly kind: 'set';
      readonly result: {
        readonly set: string;
        readonly live: readonly string[];
        readonly own: Readonly<Record<string, number>>;
        readonly blocks: Readonly<Record<string, number>>;
        readonly late?: Readonly<Record<string, string>>;
      };
      readonly transfers: readonly {
        readonly id: string;
        readonly transfer: string;
        readonly fate: string;
        readonly reason: string;
      }[];
    }
  | { readonly kind: 'tokens'; readonly tokens: readonly JsonReplicated[] }
  | (JsonToken & { readonly kind: 'token'; readonly id: string; readonly tag: JsonTag; readonly final?: JsonHashed })
  | { readonly kind: 'token-created' | 'token-dropped'; readonly id: string; readonly tag: JsonTag };

interface JsonTransfer {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

interface JsonBlock {
  readonly height: number;
  readonly ballot: { readonly round: number; readonly server: string };
  readonly hash: string;
  readonly entries: readonly { readonly owner: string; readonly sequence: number; readonly value: JsonTransfer }[];
}

interface JsonReport {
  readonly methods: readonly { readonly method: string; readonly count: number }[];
  readonly requests: {
    readonly count: number;
    readonly recent: readonly { readonly id: string; readonly status: string; readonly ms: number }[];
  };
}

type JsonTag = readonly [counter: number, writer: string];
interface JsonHashed {
  readonly x: number;
  readonly hash: string;
}
interface JsonToken {
  readonly name: string;
  readonly domain: { readonly low: number; readonly mid: number; readonly high: number };
  readonly partial: JsonHashed | null;
}
interface JsonReplicated {
  readonly id: string;
  readonly replicas: readonly {
    readonly server: string;
    readonly silences: readonly unknown[];
    readonly holds?: { readonly kind: string; readonly tag?: JsonTag } & Partial<JsonToken>;
  }[];
}

/** The words of lines that show these facts to people, line by line: what stands between them is for the eye. */
export function wordsOfLines(facts: JsonFacts): string[][] {
  switch (facts.kind) {
    case 'said':
      return [facts.text.split(' ')];
    case 'balances':
      return facts.rows.map(({ account, spendable, home }) => [account, String(spendable), home]);
    case 'logs':
      return facts.servers.flatMap(({ server, entries, pending }) => [
        [server, `${entries.length}`, 'log,', `${pending.length}`, 'pending'],
        ...entries.map(({ sequence, value }) => [`${sequence}.`, ...transfer(value)]),
        ...pending.map((value) => ['pending:', ...transfer(value)]),
      ]);
    case 'blocks':
      return facts.servers.flatMap(({ server, blocks }) => [
        [server, `${blocks.length}`, 'block'],
        ...blocks.flatMap(block),
      ]);
    case 'performance':
      return facts.servers.flatMap(({ server, report: { methods, requests } }) => [
        [server],
        ...methods.filter(({ count }) => count > 0).map(({ method }) => [method.replace(/^.*\./, '')]),
        [`${requests.count}`],
        ...requests.recent.map(({ id, status, ms }) => [id, status, ms.toFixed(ms < 10 ? 2 : 1), 'ms']),
      ]);
    case 'balance-maps':
      return facts.servers.map(({ server, height, balances }) => {
        return [server, String(height), ...facts.accounts.map((account) => String(balances[account]))];
      });
    case 'account-map':
      return [...facts.views.map(({ server, balance }) => [server, `${balance}`]), ['aggregate', `${facts.aggregate}`]];
    case 'set': {
      const { set, live, own, blocks, late = {} } = facts.result;
      const named = (values: Readonly<Record<string, number>>) =>
        Object.entries(values).map(([name, n]) => `${name} ${n}`);
      return [
        ['Set', `${set},`, 'live', live.join(', ')],
        ...facts.transfers.map((one) => [one.id, one.transfer, one.fate, one.reason]),
        ...Object.entries(late).map(([id, fate]) => [`${id},`, fate]),
        ['balances:', named(own).join(', ')],
        ['blocks:', named(blocks).join(', ')],
      ];
    }
    case 'tokens':
      return facts.tokens.flatMap(({ id, replicas }) => [
        ['token', `${id}:`],
        ...replicas.map(({ server, silences, holds }) => [
          server,
          ...(holds?.tag ? [holds.tag.join('@')] : []),
          ...(holds?.name === undefined ? [] : token(holds as JsonToken)),
          ...silences.map(() => '(silent'),
        ]),
      ]);
    case 'token':
      return [['token', facts.id, ...token(facts), ...(facts.final ? hashed(facts.final) : []), tagged(facts.tag)]];
    case 'token-created':
    case 'token-dropped':
      return [['token', facts.id, facts.kind.replace('token-', ''), tagged(facts.tag)]];
  }
}

/** Whether words stand on a line in this order. */
export function standsOn(line: string, words: readonly string[]): boolean {
  let from = 0;
  return words.every((word) => {
    const at = line.indexOf(word, from);
    from = at + word.length;
    return at >= 0;
  });
}

function transfer({ id, from, to, amount }: JsonTransfer): string[] {
  return [`${from} → ${to}: ${amount}`, `[${id}]`];
}

function block({ height, ballot, hash, entries }: JsonBlock): string[][] {
  return [
    [`block ${height}`, `(${ballot.round}, ${ballot.server})`, ballot.server, hash.slice(0, 16), `${entries.length}`],
    ...entries.map(({ owner, sequence, value }) => [`${owner} #${sequence}`, ...transfer(value)]),
  ];
}

function token({ name, domain: { low, mid, high }, partial }: JsonToken): string[] {
  return [`"${name}"`, `[${low}, ${mid}, ${high})`, ...(partial ? hashed(partial) : ['none'])];
}

function hashed({ x, hash }: JsonHashed): string[] {
  return [`x=${x}`, `(hash ${hash})`];
}

function tagged([counter, writer]: JsonTag): string {
  return `tag ${counter}@${writer}`;
}

import { readTransactionFile, type TransactionFile } from '@synod/ledger/file';

/** A small seeded generator (mulberry32), enough to vary files. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface RandomFileOptions {
  readonly servers: readonly string[];
  /** Every account and its home; by default one of each server's name. */
  readonly accounts?: ReadonlyMap<string, string>;
  readonly sets: number;
  /** In each set. */
  readonly transfers: number;
  /** What every account starts with; default 100. */
  readonly initial?: number;
}

/** A transaction file with shrinking and healing live lists, many shortages and some minorities. */
export function randomFile(seed: number, options: RandomFileOptions): { text: string; file: TransactionFile } {
  const {
    servers,
    sets,
    transfers,
    initial = 100,
    accounts = new Map(servers.map((server) => [server, server])),
  } = options;
  const names = [...accounts.keys()];
  const random = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const rows: string[] = [];
  /** Roughly what each account has with all credits: what it has not yet received is what rounds are for. */
  const held = new Map(names.map((name) => [name, initial]));
  for (let set = 1; set <= sets; set++) {
    const isAll = random() < 0.4;
    const live = servers.filter(() => isAll || random() < 0.7);
    if (live.length === 0) live.push(pick(servers));
    for (let i = 0; i < transfers; i++) {
      const from = pick(names);
      const to = pick(names.filter((name) => name !== from));
      const has = held.get(from)!;
      const amount =
        1 + Math.floor(random() < 0.04 ? has + (random() * initial) / 2 : (random() ** 1.5 * has * 9) / 10);
      if (amount <= has && live.includes(accounts.get(from)!)) {
        held.set(from, has - amount);
        held.set(to, held.get(to)! + amount);
      }
      rows.push(`${i === 0 ? set : ''},"(${from}, ${to}, ${amount})",${i === 0 ? `"[${live.join(', ')}]"` : ''}`);
    }
  }
  const text = `${rows.join('\n')}\n`;
  return { text, file: readTransactionFile(text, { servers, accounts }) };
}

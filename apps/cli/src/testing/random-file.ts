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

/** A transaction file with shrinking and healing live lists, many shortages and some minorities. */
export function randomFile(
  seed: number,
  { servers, sets, transfers }: { servers: readonly string[]; sets: number; transfers: number },
): { text: string; file: TransactionFile } {
  const random = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const rows: string[] = [];
  for (let set = 1; set <= sets; set++) {
    const isAll = random() < 0.4;
    const live = servers.filter(() => isAll || random() < 0.7);
    if (live.length === 0) live.push(pick(servers));
    for (let i = 0; i < transfers; i++) {
      const from = pick(servers);
      const to = pick(servers.filter((server) => server !== from));
      const amount = 1 + Math.floor(random() ** 2 * 160);
      rows.push(`${i === 0 ? set : ''},"(${from}, ${to}, ${amount})",${i === 0 ? `"[${live.join(', ')}]"` : ''}`);
    }
  }
  const text = `${rows.join('\n')}\n`;
  const accounts = new Map(servers.map((server) => [server, server]));
  return { text, file: readTransactionFile(text, { servers, accounts }) };
}

/**
 * Natural order of names: digit runs compare as numbers, the rest by UTF-16 code unit, so `S2` stands before `S10`.
 * It is the one order of names everywhere: ballots, timestamps, blocks, queues, reports.
 * Total and independent of locale: names that differ only in leading zeros fall back to code unit order.
 */
export function compareNatural(a: string, b: string): number {
  if (a === b) return 0;
  const left = chunks(a);
  const right = chunks(b);
  for (let i = 0; i < left.length && i < right.length; i++) {
    const order = compareChunks(left[i]!, right[i]!);
    if (order !== 0) return order;
  }
  if (left.length !== right.length) return left.length - right.length;
  return a < b ? -1 : 1;
}

function chunks(name: string): string[] {
  return name.match(/\d+|\D+/g) ?? [];
}

function compareChunks(a: string, b: string): number {
  if (isDigit(a) && isDigit(b)) {
    const left = a.replace(/^0+(?=\d)/, '');
    const right = b.replace(/^0+(?=\d)/, '');
    if (left.length !== right.length) return left.length - right.length;
    return left === right ? 0 : left < right ? -1 : 1;
  }
  return a === b ? 0 : a < b ? -1 : 1;
}

function isDigit(chunk: string): boolean {
  const code = chunk.charCodeAt(0);
  return code >= 48 && code <= 57;
}

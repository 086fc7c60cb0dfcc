const copies = new Map<string, string>();
const most = 10_000;

/** The same text, as one string however often it is read: a few names stand in a million records. */
export function oneCopy(name: string): string {
  const known = copies.get(name);
  if (known !== undefined) return known;
  if (copies.size >= most) copies.clear();
  copies.set(name, name);
  return name;
}

/** Characters; as UTF-8 at most three times as many bytes. */
const pageSize = 64 * 1024;

/** Cuts a list into pages of about 64 KiB, each with one item at least. `size`: of one item, in characters. */
export function* inPages<T>(items: readonly T[], size: (item: T) => number): Generator<T[]> {
  let page: T[] = [];
  let filled = 0;
  for (const item of items) {
    const more = size(item);
    if (page.length > 0 && filled + more > pageSize) {
      yield page;
      page = [];
      filled = 0;
    }
    page.push(item);
    filled += more;
  }
  if (page.length > 0) yield page;
}

/** Remembers the last answer: models share what has not changed, so it is found again by identity. */
export function latest<A extends readonly unknown[], B>(make: (...from: A) => B): (...from: A) => B {
  let last: { readonly from: A; readonly made: B } | undefined;
  return (...from) => {
    const isSame = last?.from.length === from.length && from.every((one, i) => one === last?.from[i]);
    if (!last || !isSame) last = { from, made: make(...from) };
    return last.made;
  };
}

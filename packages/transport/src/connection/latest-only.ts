/**
 * Reads `source` as fast as it comes and yields only the newest item when asked for one: a slow reader skips what it
 * missed, instead of falling ever further behind. `stop` makes `source` end; it is called when the reader leaves.
 */
export async function* latestOnly<T>(source: AsyncIterable<T>, stop: () => void): AsyncGenerator<T> {
  let latest: { readonly item: T } | undefined;
  let ended = false;
  let wake = (): void => undefined;
  const reading = (async () => {
    try {
      for await (const item of source) {
        latest = { item };
        wake();
      }
    } finally {
      ended = true;
      wake();
    }
  })();
  // Its failure is thrown where it is awaited below; until then it is no unhandled one.
  reading.catch(() => undefined);
  try {
    for (;;) {
      if (latest) {
        const { item } = latest;
        latest = undefined;
        yield item;
      } else if (ended) {
        return await reading;
      } else {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } finally {
    stop();
  }
}

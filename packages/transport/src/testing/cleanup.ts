/** Registers what a test opened; `afterEach` closes all of it, last opened first, however the test ended. */
export function cleanup(
  afterEach: (close: () => Promise<void>) => void,
): <T extends { close(): unknown }>(opened: T) => T {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });
  return (opened) => {
    open.push(opened);
    return opened;
  };
}

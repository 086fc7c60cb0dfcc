/** Goes on with something that was opened; closes it if that fails. */
export async function orClose<T>(
  opened: { close(): void | Promise<void> } | undefined,
  goOn: () => Promise<T>,
): Promise<T> {
  try {
    return await goOn();
  } catch (error) {
    await opened?.close();
    throw error;
  }
}

/**
 * Writes to stdout, and resolves when it was taken. Rejects with the system's error if nobody reads it any more: such as
 * `synod check … | head -1`.
 */
export function writeOut(text: string): Promise<void> {
  const { stdout } = process;
  return new Promise((resolve, reject) => {
    stdout.once('error', reject);
    stdout.write(text, (error) => {
      if (error) return; // the event follows
      stdout.off('error', reject);
      resolve();
    });
  });
}

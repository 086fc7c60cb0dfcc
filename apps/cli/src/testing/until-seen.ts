import type { Pty } from '@synod/pty';

/** How long a screen may take to come, however slow the machine is. */
const patienceMs = 60_000;

/** Waits for a screen; one that does not come is told by what stands there instead. */
export async function untilSeen(
  pty: Pty,
  holds: (screen: readonly string[]) => boolean,
  complaint: (screen: readonly string[]) => string,
): Promise<void> {
  let giveUp: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    giveUp = setTimeout(() => reject(new Error(`${complaint(pty.screen)}\n${pty.screen.join('\n')}`)), patienceMs);
  });
  await Promise.race([pty.until(holds), tooLong]).finally(() => clearTimeout(giveUp));
}

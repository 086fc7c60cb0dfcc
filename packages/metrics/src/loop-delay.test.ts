import { expect, test } from '@jest/globals';
import { monitorLoopDelay } from './loop-delay.js';

test('a blocked event loop shows as delay', async () => {
  const delay = monitorLoopDelay();
  try {
    await timers(3);
    const end = performance.now() + 200;
    while (performance.now() < end);
    await timers(3);
    expect(delay.p99Ms).toBeGreaterThan(100);
  } finally {
    delay.close();
  }
});

/** Until the monitor's own timer has run about so many times. */
async function timers(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve, 10));
}

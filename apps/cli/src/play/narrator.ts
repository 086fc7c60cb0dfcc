import type { Screen } from '../screen.js';
import type { PlayObserver } from './fates.js';

/** Milliseconds between two progress lines of a long set. */
const progressEveryMs = 200;

/** Tells on the screen what a play does while it does it. */
export function narrator(screen: Screen): PlayObserver {
  let lastProgress = 0;
  return {
    setBegan(set, live, crashed) {
      if (crashed.length > 0) screen.print(`Set ${set}: ${crashed.join(', ')} should be live, but has crashed.`);
    },
    decided(_played, done, total) {
      const now = performance.now();
      if (total < 100 || (now - lastProgress < progressEveryMs && done < total)) return;
      lastProgress = now;
      screen.progress(done < total ? `${done} of ${total} transfers` : '');
    },
  };
}

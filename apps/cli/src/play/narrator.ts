import type { Screen } from '../screen.js';
import type { PlayObserver } from './fates.js';

/** Milliseconds between two progress lines of a long set. */
const progressEveryMs = 200;

/** Shows on the screen how far a long set is. */
export function narrator(screen: Screen): PlayObserver {
  let lastProgress = 0;
  return {
    decided(_played, done, total) {
      const now = performance.now();
      if (total < 100 || (now - lastProgress < progressEveryMs && done < total)) return;
      lastProgress = now;
      screen.progress(done < total ? `${done} of ${total} transfers` : '');
    },
  };
}

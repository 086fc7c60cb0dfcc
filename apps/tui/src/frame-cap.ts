/** Frames per second, at most: what comes faster is drawn together. */
export const maxFps = 15;

const frameMs = Math.ceil(1000 / maxFps);

/** Between frames in which nothing but figures change. */
export const calmMs = 1_000;

/** Calls `draw` soon after `request`, however often that is called, with at least one frame's time between two calls. */
export class FrameCap {
  readonly #draw: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** When it goes off. */
  #atMs = Infinity;
  #lastMs = -Infinity;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  /** `gapMs`: since the frame before. */
  request(gapMs = frameMs): void {
    const now = performance.now();
    const atMs = Math.max(now, this.#lastMs + gapMs);
    if (atMs >= this.#atMs) return;
    clearTimeout(this.#timer);
    this.#atMs = atMs;
    this.#timer = setTimeout(() => this.flush(), atMs - now);
  }

  /** Now, without waiting. */
  flush(): void {
    this.cancel();
    this.#lastMs = performance.now();
    this.#draw();
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#atMs = Infinity;
  }
}

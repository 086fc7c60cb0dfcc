/** Frames per second, at most: what comes faster is drawn together. */
export const maxFps = 15;

const frameMs = Math.ceil(1000 / maxFps);

/** Calls `draw` soon after `request`, however often that is called, with at least one frame's time between two calls. */
export class FrameCap {
  readonly #draw: () => void;
  #timer: NodeJS.Timeout | undefined;
  #lastMs = -Infinity;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  request(): void {
    this.#timer ??= setTimeout(() => this.flush(), Math.max(0, this.#lastMs + frameMs - performance.now()));
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
  }
}

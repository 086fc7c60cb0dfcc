import type { Muting, Topic } from '../silence/topic.js';

/** Silent about what a test says, from when it says so. */
export class SilentAbout implements Muting {
  #keys: readonly string[] | 'everything' = [];

  get isEmpty(): boolean {
    return this.#keys.length === 0;
  }

  about(...keys: string[]): void {
    this.#keys = keys;
  }

  aboutEverything(): void {
    this.#keys = 'everything';
  }

  mutes({ keys }: Topic): boolean {
    const muted = this.#keys;
    return muted === 'everything' || keys.some((key) => muted.includes(key));
  }
}

import type { Pty } from '@synod/pty';
import { untilSeen } from './until-seen.js';

/** Somebody at a terminal who has read nothing but its screen: presses only keys that the screen has named. */
export class Newcomer {
  readonly #pty: Pty;
  #seen = '';

  constructor(pty: Pty) {
    this.#pty = pty;
  }

  /** Waits until one screen shows all of this, and answers that screen as text. Rejects, with the screen, in the end. */
  sees(...wanted: readonly (string | RegExp)[]): Promise<string> {
    const isOn = (text: string) => (one: string | RegExp) =>
      typeof one === 'string' ? text.includes(one) : one.test(text);
    return this.#until(
      (text) => wanted.every(isOn(text)),
      (text) =>
        `not on the screen: ${wanted
          .filter((one) => !isOn(text)(one))
          .map(String)
          .join(', ')}`,
    );
  }

  /** Presses keys that the screen which was seen last names in these words. */
  press(keys: string, named: string): void {
    if (!this.#seen.includes(named)) throw new Error(`nothing says "${named}" here:\n${this.#seen}`);
    this.#pty.press(keys);
  }

  /** Moves up, as the screen says one can, until it shows this. */
  async movesUpTo(text: string): Promise<void> {
    while (!this.#seen.includes(text)) {
      const before = this.#seen;
      this.press('\u001b[A', '↑ move');
      await this.#until(
        (screen) => screen !== before,
        () => `there is no more above, and no ${text}`,
      );
    }
  }

  /** Closes what a command found, as the screen says, and waits until it is gone: a key right behind Esc is another key. */
  async closes(): Promise<void> {
    this.press('\u001b', 'Esc close');
    await this.#until(
      (text) => !text.includes('Esc close'),
      () => 'still open',
    );
  }

  async #until(holds: (text: string) => boolean, complaint: (text: string) => string): Promise<string> {
    const isSeen = (screen: readonly string[]) => {
      this.#seen = screen.join('\n');
      return holds(this.#seen);
    };
    await untilSeen(this.#pty, isSeen, (screen) => complaint(screen.join('\n')));
    return this.#seen;
  }
}

import { SynodError } from '@synod/kernel';

/** What would disturb one another is done one at a time. The second is refused; it does not wait. */
export class OneAtATime {
  #underWay: string | undefined;

  /** What is being done: `set 3 is being played`. */
  get underWay(): string | undefined {
    return this.#underWay;
  }

  /** Throws `SynodError` `unavailable` if something is being done. `name`: the command that would like to begin. */
  require(name: string): void {
    if (this.#underWay === undefined) return;
    throw new SynodError('unavailable', `${this.#underWay}: ${name} can begin when that is done`);
  }

  async run<T>(name: string, what: string, work: () => Promise<T>): Promise<T> {
    this.require(name);
    this.#underWay = what;
    try {
      return await work();
    } finally {
      this.#underWay = undefined;
    }
  }
}

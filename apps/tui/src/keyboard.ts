/**
 * The keyboard as Ink gets it. Ink decides for each of its instances whether keys come one by one; here that holds from
 * the first to the last of them, so that nothing that is typed in between is echoed or lost.
 */
export class Keyboard {
  readonly #stdin: NodeJS.ReadStream;
  readonly forInk: NodeJS.ReadStream;

  constructor(stdin: NodeJS.ReadStream) {
    this.#stdin = stdin;
    this.forInk = new Proxy(stdin, {
      get(target, name) {
        if (name === 'setRawMode' || name === 'unref') return () => target;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  take(): void {
    this.#stdin.setRawMode(true);
  }

  giveBack(): void {
    this.#stdin.setRawMode(false);
    this.#stdin.unref();
  }
}

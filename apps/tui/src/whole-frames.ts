const begin = '\u001b[?2026h';
const end = '\u001b[?2026l';

/**
 * A terminal as Ink gets it: what is written at once is also shown at once, so that nobody sees half a frame. That is
 * synchronized output, DEC private mode 2026; terminals that do not know it leave it unnoticed.
 * https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036
 */
export function wholeFrames(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  const write = (data: string | Uint8Array) => stdout.write(typeof data === 'string' ? begin + data + end : data);
  return new Proxy(stdout, {
    get(target, name) {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

import { emitKeypressEvents } from 'node:readline';
import { createInterface } from 'node:readline/promises';
import type { Frame } from '@synod/simulator';
import { writeOut } from '../write-out.js';
import { renderFrame } from './render-frame.js';

/** What can be stepped through. */
export interface Steps {
  readonly length: number;
  frame(number: number): Frame;
}

type Move = number | 'first' | 'last' | 'end' | undefined;

const help = 'n or → next, p or ← previous, Page Up and Down 100, g first, G last, q ends';
const keys: Readonly<Record<string, Move>> = {
  ...{ n: 1, right: 1, down: 1, space: 1, return: 1, p: -1, left: -1, up: -1 },
  ...{ pagedown: 100, pageup: -100, g: 'first', home: 'first', G: 'last', end: 'last', q: 'end', escape: 'end' },
} as const;

/** Shows a run frame by frame: by keys on a terminal, otherwise by lines: a key, a key and how often, or a number. */
export async function stepThrough(steps: Steps): Promise<void> {
  const { stdin, stdout } = process;
  const isTerminal = stdin.isTTY && stdout.isTTY;
  let number = 1;
  const show = (): Promise<void> =>
    writeOut(
      `${isTerminal ? '\u001b[2J\u001b[H' : ''}${[...renderFrame(steps.frame(number), steps.length), ...(isTerminal ? [help] : [])].join('\n')}\n`,
    );
  await show();
  for await (const move of isTerminal ? keysOf(stdin) : linesOf(stdin)) {
    if (move === 'end') return;
    if (move === undefined) {
      process.stderr.write(`${help}, or the number of a frame\n`);
      continue;
    }
    const wanted = move === 'first' ? 1 : move === 'last' ? steps.length : number + move;
    number = Math.min(Math.max(1, wanted), steps.length);
    await show();
  }

  /** The number of a frame is a move from where one is. */
  async function* linesOf(input: NodeJS.ReadStream): AsyncGenerator<Move> {
    for await (const line of createInterface({ input })) {
      const [word = '', times = '1'] = line.trim().split(/\s+/);
      const move = word === '' ? 1 : keys[word];
      if (/^\d+$/.test(word)) yield Number(word) - number;
      else yield typeof move === 'number' && /^\d+$/.test(times) ? move * Number(times) : move;
    }
  }
}

async function* keysOf(input: NodeJS.ReadStream): AsyncGenerator<Move> {
  const pressed: string[] = [];
  let wake = (): void => {};
  const listen = (text: string | undefined, key: { readonly name?: string; readonly ctrl?: boolean }): void => {
    if (key.ctrl && key.name === 'c') pressed.push('q');
    else pressed.push(text === 'G' ? 'G' : (key.name ?? text ?? ''));
    wake();
  };
  emitKeypressEvents(input);
  input.setRawMode(true);
  input.on('keypress', listen);
  try {
    for (;;) {
      while (pressed.length > 0) yield keys[pressed.shift()!];
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    input.off('keypress', listen);
    input.setRawMode(false);
    input.pause();
  }
}

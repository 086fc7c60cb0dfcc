import { emitKeypressEvents } from 'node:readline';
import { createInterface } from 'node:readline/promises';
import type { Frame } from '@synod/simulator';
import { writeOut } from '../write-out.js';
import { renderFrame } from './render-frame.js';

/** What can be stepped through. */
export interface Steps {
  readonly length: number;
  /** The numbers of the frames in which an operation, an answer or a fault begins or ends, in order. */
  readonly landmarks: readonly number[];
  frame(number: number): Frame;
}

/** So many frames on, or back; so many landmarks on, or back; to a frame. */
type Move = number | { readonly landmarks: number } | { readonly to: number } | 'end' | undefined;

const help =
  'n or → next, p or ← previous, f and b operation or fault, Page Up and Down 100, g first, G last or 17G, q ends';
const keys: Readonly<Record<string, Move>> = {
  ...{ n: 1, right: 1, down: 1, space: 1, return: 1, p: -1, left: -1, up: -1, pagedown: 100, pageup: -100 },
  ...{ f: { landmarks: 1 }, b: { landmarks: -1 }, g: { to: 1 }, home: { to: 1 } },
  ...{ G: { to: Infinity }, end: { to: Infinity }, q: 'end', escape: 'end' },
} as const;

/** Shows a run frame by frame: by keys on a terminal, otherwise by lines: a key, a key and how often, or a number. */
export async function stepThrough(steps: Steps): Promise<void> {
  const { stdin, stdout } = process;
  const isTerminal = stdin.isTTY && stdout.isTTY;
  let number = 1;
  const show = (): Promise<void> => {
    const lines = [...renderFrame(steps.frame(number), steps.length), ...(isTerminal ? [help] : [])];
    return writeOut(`${isTerminal ? '\u001b[2J\u001b[H' : ''}${lines.join('\n')}\n`);
  };
  await show();
  for await (const move of isTerminal ? keysOf(stdin) : linesOf(stdin)) {
    if (move === 'end') return;
    if (move === undefined) {
      if (!isTerminal) process.stderr.write(`${help}, or the number of a frame\n`);
      continue;
    }
    number = Math.min(Math.max(1, target(steps, number, move)), steps.length);
    await show();
  }
}

function target({ landmarks, length }: Steps, from: number, move: Exclude<Move, 'end' | undefined>): number {
  if (typeof move === 'number') return from + move;
  if ('to' in move) return move.to;
  const ahead = landmarks.filter((number) => number > from);
  const behind = landmarks.filter((number) => number < from);
  return (
    (move.landmarks > 0 ? ahead[move.landmarks - 1] : behind.at(move.landmarks)) ?? (move.landmarks > 0 ? length : 1)
  );
}

function repeated(move: Move, times: number): Move {
  if (typeof move === 'number') return move * times;
  return typeof move === 'object' && 'landmarks' in move ? { landmarks: move.landmarks * times } : move;
}

async function* linesOf(input: NodeJS.ReadStream): AsyncGenerator<Move> {
  for await (const line of createInterface({ input })) {
    const [word = '', times = '1'] = line.trim().split(/\s+/);
    if (/^\d+$/.test(word)) yield { to: Number(word) };
    else yield repeated(word === '' ? 1 : keys[word], /^\d+$/.test(times) ? Number(times) : 1);
  }
}

/** A number before a key says how often; before `G`, where to. */
async function* keysOf(input: NodeJS.ReadStream): AsyncGenerator<Move> {
  const pressed: string[] = [];
  let wake = (): void => {};
  let digits = '';
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
      for (let key = pressed.shift(); key !== undefined; key = pressed.shift()) {
        if (/^\d$/.test(key)) digits += key;
        else {
          const number = digits === '' ? undefined : Number(digits);
          digits = '';
          yield key === 'G' && number !== undefined ? { to: number } : repeated(keys[key], number ?? 1);
        }
      }
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    input.off('keypress', listen);
    input.setRawMode(false);
    input.pause();
  }
}

import type { ExitCode } from '../exit-codes.js';
import { writeFound } from '../write-out.js';
import { request } from './request.js';
import { reach, type Ways } from './target.js';
import { targetIn, type TargetChoices } from './target-options.js';

export interface AskOptions<T> extends Ways<T> {
  /** The flags of the command. */
  readonly choices: TargetChoices;
  /** What is found, as lines for people. */
  readonly render: (found: T) => readonly string[];
  readonly end: (code: ExitCode) => void;
}

/** Makes one request of the servers that the flags name, and tells what it found, or why it failed. */
export function ask<T>({ choices, render, end, ...ways }: AskOptions<T>): Promise<void> {
  const { json } = choices;
  return request(async () => writeFound(await reach(await targetIn(choices), ways), { json, render }), { json, end });
}

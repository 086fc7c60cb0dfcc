import type { Command } from 'commander';
import type { RegisterValue } from '@synod/client';
import { SynodError } from '@synod/kernel';
import { renderValue, valueAnswer } from '../answers/register-answers.js';
import type { ExitCode } from '../exit-codes.js';
import { writeFound } from '../write-out.js';
import { countOf } from './arguments.js';
import { request } from './request.js';
import { reach } from './target.js';
import { targetIn, withTarget, type TargetChoices } from './target-options.js';

interface WatchChoices extends TargetChoices {
  readonly count: number | undefined;
}

/** `synod watch KEY`: one line for each value of a register as it comes. */
export function addWatch(program: Command, end: (code: ExitCode) => void): void {
  const toWatch = program
    .command('watch')
    .description('tell the value of a register, and each newer one, until Ctrl-C')
    .argument('<key>', 'the register')
    .option('--count <n>', 'end after so many values', countOf('values'));
  withTarget(toWatch)
    .addHelpText('after', '\n--timeout is for the first value: those that follow may take as long as they like.')
    .action((key: string, choices: WatchChoices) =>
      request(() => untilInterrupted((interrupted) => watch(key, choices, interrupted)), { json: choices.json, end }),
    );
}

/** Ctrl-C is how a watch is meant to end. A second one ends the process at once. */
async function untilInterrupted(work: (interrupted: AbortSignal) => Promise<void>): Promise<void> {
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await work(interrupted.signal);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

async function watch(key: string, { count, json, ...choices }: WatchChoices, interrupted: AbortSignal): Promise<void> {
  const target = await targetIn({ json, ...choices });
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), target.timeoutMs);
  const signal = AbortSignal.any([interrupted, late.signal]);
  const tell = async (values: AsyncIterable<RegisterValue>): Promise<void> => {
    let told = 0;
    for await (const value of values) {
      clearTimeout(timer);
      await writeFound(valueAnswer(key, value), { json, render: renderValue });
      if (++told === count) return;
    }
    if (interrupted.aborted) return;
    if (late.signal.aborted) throw new SynodError('deadline', `no value came in ${target.timeoutMs / 1000} s`);
    throw new SynodError('unavailable', 'the watch was ended by the server');
  };
  try {
    await reach(target, {
      server: ({ registers }) => tell(registers.watch(key, { signal })),
      cluster: (client) => tell(client.register(key).watch({ signal })),
    });
  } finally {
    clearTimeout(timer);
  }
}

import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { RegisterValue } from '@synod/client';
import { SynodError } from '@synod/kernel';
import { renderDeleted, renderSaved, renderValue, renderWritten, valueAnswer } from '../answers/register-answers.js';
import type { ExitCode } from '../exit-codes.js';
import { writeFound, writeOut } from '../write-out.js';
import { ask } from './ask.js';
import { request } from './request.js';
import { reach } from './target.js';
import { targetIn, withTarget, type TargetChoices } from './target-options.js';
import { valueIn } from './value-in.js';

type End = (code: ExitCode) => void;

interface FileChoices extends TargetChoices {
  readonly file: string | undefined;
}

/** `synod get|put|delete KEY`: one request about a register. */
export function addRegister(program: Command, end: End): void {
  const toGet = program
    .command('get')
    .description('read a register')
    .argument('<key>', 'the register')
    .option('--file <file>', 'write the bytes of the value there, instead of showing it; - for stdout');
  withTarget(toGet).action((key: string, choices: FileChoices) => get(key, choices, end));

  const toPut = program
    .command('put')
    .description('write a register')
    .argument('<key>', 'the register')
    .argument('[value]', 'text to write; - reads bytes from stdin')
    .option('--file <file>', 'write the bytes of this file');
  withTarget(toPut).action((key: string, value: string | undefined, choices: FileChoices) =>
    put(key, value, choices, end),
  );

  const toDelete = program
    .command('delete')
    .description('delete the value of a register')
    .argument('<key>', 'the register');
  withTarget(toDelete).action((key: string, choices: TargetChoices) => remove(key, choices, end));
}

function get(key: string, choices: FileChoices, end: End): Promise<void> {
  const { file } = choices;
  if (file !== undefined) return request(() => save(key, file, choices), { json: choices.json, end });
  return ask({
    choices,
    end,
    render: renderValue,
    server: async ({ registers }, options) => valueAnswer(key, await registers.read(key, options)),
    cluster: async (client, options) => valueAnswer(key, await client.register(key).read(options)),
  });
}

/** A file is touched only if there is a value for it. */
async function save(key: string, file: string, choices: FileChoices): Promise<void> {
  if (file === '-' && choices.json) throw new SynodError('invalid_argument', '--file -: stdout is taken by --json');
  const { value, tag } = await reach<RegisterValue>(await targetIn(choices), {
    server: ({ registers }, options) => registers.read(key, options),
    cluster: (client, options) => client.register(key).read(options),
  });
  if (!value || !tag) throw nothingToSave(key, tag !== undefined);
  if (file === '-') return writeOut(value);
  await writeFile(file, value);
  await writeFound({ key, file, tag }, { json: choices.json, render: renderSaved });
}

function nothingToSave(key: string, deleted: boolean): SynodError {
  const name = `register ${JSON.stringify(key)}`;
  if (deleted) return new SynodError('dropped', `${name} was deleted: there is nothing to write into a file`);
  return new SynodError('never_written', `${name} was never written: there is nothing to write into a file`);
}

function put(key: string, value: string | undefined, choices: FileChoices, end: End): Promise<void> {
  const bytes = () => valueIn({ value, file: choices.file });
  return ask({
    choices,
    end,
    render: renderWritten,
    server: async ({ registers }, options) => ({ key, tag: await registers.write(key, await bytes(), options) }),
    cluster: async (client, options) => ({ key, ...(await client.register(key).write(await bytes(), options)) }),
  });
}

function remove(key: string, choices: TargetChoices, end: End): Promise<void> {
  return ask({
    choices,
    end,
    render: renderDeleted,
    server: async ({ registers }, options) => ({ key, tag: await registers.delete(key, options) }),
    cluster: async (client, options) => ({ key, ...(await client.register(key).delete(options)) }),
  });
}

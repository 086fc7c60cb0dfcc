import { createReadStream } from 'node:fs';
import { SynodError } from '@synod/kernel';
import { inFile } from '../in-file.js';

/** As register_service.proto says. */
const maxBytes = 1024 * 1024;

export interface ValueChoices {
  /** Text; `-` is stdin. */
  readonly value: string | undefined;
  readonly file: string | undefined;
}

/** The bytes to write. Rejects with `SynodError` `invalid_argument`. */
export async function valueIn({ value, file }: ValueChoices): Promise<Uint8Array> {
  if (value === undefined && file === undefined) throw wrong('a value is needed: text, - for stdin, or --file');
  if (value !== undefined && file !== undefined) throw wrong('--file: stands beside a value: write one of them');
  if (file !== undefined) return read(file, createReadStream(file));
  if (value === '-') return read('stdin', process.stdin);
  // Node reads it so from a command line that is not UTF-8.
  if (/[\p{Surrogate}\uFFFD]/u.test(value!))
    throw wrong('value: is not valid Unicode: give bytes by --file, or - for stdin');
  return Buffer.from(value!);
}

/** What is too long is not read to its end, which it need not have. */
async function read(source: string, input: AsyncIterable<Buffer>): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of input) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBytes) throw wrong(`has more than ${maxBytes} bytes: a value has at most so many`);
    }
  } catch (error) {
    throw inFile(source, error, 'a value');
  }
  return Buffer.concat(chunks);
}

function wrong(message: string): SynodError {
  return new SynodError('invalid_argument', message);
}

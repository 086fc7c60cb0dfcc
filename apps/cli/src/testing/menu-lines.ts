import { expect } from '@jest/globals';
import type { KnownNames } from '../menu/known-names.js';
import { parseLine } from '../menu/parse.js';

/** S1 is a server and an account; alice and bob are accounts alone. */
const ledgerNames = { servers: ['S1', 'S2', 'S10'], accounts: ['alice', 'bob', 'S1'] };

export const registerNames = {
  nodes: [
    { id: 'R1', address: 'north.example:8000' },
    { id: '127.0.0.1:8001', address: '127.0.0.1:8001' },
  ],
  tokenIds: ['101', '007', 'Key', 'key', 'two words', '{}'],
};

const hints = { ledger: 'leave out --no-ledger', registers: 'start with --registers <file>' };

export const ledgerAlone: KnownNames = { ledger: ledgerNames, registers: undefined, hints };
export const registersAlone: KnownNames = { ledger: undefined, registers: registerNames, hints };
export const both: KnownNames = { ledger: ledgerNames, registers: registerNames };

/** What a line means, in one line. */
export function understood(line: string, names: KnownNames): string {
  const parsed = parseLine(line, names);
  if (parsed.kind !== 'command') return parsed.kind;
  const values = parsed.values.map((value) => value ?? 'undefined');
  return [parsed.command.name, ...values, parsed.options.json ? '--json' : ''].filter(Boolean).join(' ');
}

/** Why a line is not understood. */
export function refusal(line: string, names: KnownNames): string {
  try {
    parseLine(line, names);
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_argument' });
    return (error as Error).message;
  }
  throw new Error(`${line} was understood`);
}

import { expect, test } from '@jest/globals';
import { Option } from 'commander';
import { parseFlags, runOptions } from './flags.js';

interface Own {
  readonly id: string;
}

const command = {
  name: 'synod-counter',
  description: 'A counter.',
  configuration: 'what it counts',
  manifest: new URL('../../package.json', import.meta.url),
  own: [new Option('--id <server>', 'which server').makeOptionMandatory()],
};
const required = ['--config', 'cluster.yaml', '--id', 'S1', '--data', 'data'];

test('what every server takes, and what this command adds; the rest has defaults', () => {
  const flags = parseFlags<Own>(required, command)!;
  expect(flags.id).toBe('S1');
  expect(runOptions(flags)).toEqual({
    dataDirectory: 'data',
    listen: undefined,
    allowFaults: false,
    failpoints: [],
    links: 'all',
    logLevel: 'info',
    console: true,
  });
});

test('every flag has its option', () => {
  const more = ['--listen', 'here:1', '--allow-faults', '--failpoint', 'a', '--failpoint', 'b', '--links', 'none'];
  const flags = parseFlags<Own>([...required, ...more, '--log-level', 'debug', '--quiet'], command)!;
  expect(runOptions(flags)).toEqual({
    dataDirectory: 'data',
    listen: 'here:1',
    allowFaults: true,
    failpoints: ['a', 'b'],
    links: 'none',
    logLevel: 'debug',
    console: false,
  });
});

test.each([
  [[], "required option '--config <file>' not specified"],
  [['--config', 'cluster.yaml', '--data', 'data'], "required option '--id <server>' not specified"],
  [[...required, 'now'], 'too many arguments. Expected 0 arguments but got 1.'],
])('%j is refused in one line', (argv, message) => {
  expect(() => parseFlags<Own>(argv, command)).toThrow(expect.objectContaining({ code: 'config', message }));
});

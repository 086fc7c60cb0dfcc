import { expect, test } from '@jest/globals';
import { addressIn, parseArguments, type Arguments } from './arguments.js';

const required = ['--config', 'tokens.yaml', '--data', 'data'];

function parse(...more: string[]): Arguments {
  return parseArguments([...required, ...more])!;
}

test.each([
  [[], undefined],
  [['--listen', '127.0.0.1:7001'], '127.0.0.1:7001'],
  [['--host', '127.0.0.1', '--port', '7001'], '127.0.0.1:7001'],
  [['--port', '7001', '-ip', '127.0.0.1'], '127.0.0.1:7001'],
  [['--host', '::1', '--port', '7001'], '[::1]:7001'],
  [['--host', '[::1]', '--port', '7001'], '[::1]:7001'],
])('the address to bind in %j is %s', (flags, address) => {
  expect(addressIn(parse(...flags))).toBe(address);
});

test('what the node is called, and how far it searches, are said or left to others', () => {
  expect(parse('--id', 'S1', '--max-range', '18446744073709551615')).toMatchObject({
    id: 'S1',
    maxRange: 2n ** 64n - 1n,
  });
  expect([parse().id, parse().maxRange]).toEqual([undefined, undefined]);
});

test.each([
  [['--host', 'here'], '--port: is missing beside the other'],
  [['--port', '7001'], '--host: is missing beside the other'],
])('half an address is refused: %j', (flags, message) => {
  expect(() => addressIn(parse(...flags))).toThrow(expect.objectContaining({ code: 'config', message }));
});

test.each([
  [['--max-range', '0'], '--max-range: is 0: no token has so short a range'],
  [['--max-range', '-1'], /^--max-range: "-1" is not /],
  [['--max-range', '1e3'], /^--max-range: "1e3" is not /],
  [['--max-range', '18446744073709551616'], /^--max-range: /],
  [
    ['--listen', 'a:1', '--host', 'a', '--port', '1'],
    /'--host <host>' cannot be used with option '--listen <host:port>'/,
  ],
  [['--listen', 'a:1', '--port', '1'], /'--port <port>' cannot be used with option '--listen <host:port>'/],
  [['-ip'], /'--host <host>' argument missing/],
])('%j is refused in one line', (flags, message) => {
  const matching = typeof message === 'string' ? message : (expect.stringMatching(message) as unknown);
  expect(() => parse(...flags)).toThrow(expect.objectContaining({ code: 'config', message: matching }));
});

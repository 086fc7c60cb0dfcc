import { parseDomain } from '@synod/tokens/vocabulary';
import { command, type Command } from './command.js';

const token = { kind: 'token', shown: '<id>' } as const;

const silenceArguments = [
  { kind: 'register server', shown: '<server>' },
  { kind: 'token', shown: '[token]', optional: true },
] as const;

/** What can be done with tokens, and with those that hold them. */
export const tokenCommands: readonly Command[] = [
  command({
    number: undefined,
    name: 'Tokens',
    of: 'registers',
    arguments: [],
    summary: 'every token: who writes and reads it, and what each of its replicas holds',
    forecast: ({ registers }) => registers.forecast.tokens(),
    run: ({ registers }) => registers.tokens(),
  }),
  command({
    number: undefined,
    name: 'ReadToken',
    of: 'registers',
    arguments: [token],
    summary: 'read a token at a majority of its replicas: name, domain, partial and final state',
    forecast: ({ registers }, [id]) => registers.forecast.read(id),
    run: ({ registers }, [id]) => registers.read(id),
  }),
  command({
    number: undefined,
    name: 'WriteToken',
    of: 'registers',
    arguments: [
      token,
      { kind: 'text', shown: '<name>' },
      { kind: 'text', shown: '<low>' },
      { kind: 'text', shown: '<mid>' },
      { kind: 'text', shown: '<high>' },
    ],
    summary: 'give a token its name and domain, low <= mid < high; answers the partial state',
    forecast: ({ registers }, [id, name, low, mid, high]) =>
      registers.forecast.write(id, name, parseDomain(low, mid, high)),
    run: ({ registers }, [id, name, low, mid, high]) => registers.write(id, name, parseDomain(low, mid, high)),
  }),
  command({
    number: undefined,
    name: 'CreateToken',
    of: 'registers',
    arguments: [token],
    summary: 'create a token anew that was dropped',
    forecast: ({ registers }, [id]) => registers.forecast.create(id),
    run: ({ registers }, [id]) => registers.create(id),
  }),
  command({
    number: undefined,
    name: 'DropToken',
    of: 'registers',
    arguments: [token],
    summary: 'drop a token: it has neither name nor state any more',
    forecast: ({ registers }, [id]) => registers.forecast.drop(id),
    run: ({ registers }, [id]) => registers.drop(id),
  }),
  command({
    number: undefined,
    name: 'Silence',
    of: 'registers',
    arguments: silenceArguments,
    summary: 'a server sends nothing more about a token, or about anything',
    unavailable: ({ registers }) => registers.whyNoSilence,
    forecast: ({ registers }, [target, about]) => registers.forecast.silence(target, about),
    run: ({ registers }, [target, about]) => registers.silence(target, about),
  }),
  command({
    number: undefined,
    name: 'Unsilence',
    of: 'registers',
    arguments: silenceArguments,
    summary: 'lift the silence of a server about a token, or all its silences',
    unavailable: ({ registers }) => registers.whyNoSilence,
    forecast: ({ registers }, [target, about]) => registers.forecast.unsilence(target, about),
    run: ({ registers }, [target, about]) => registers.unsilence(target, about),
  }),
];

import type { Command } from 'commander';
import type { TokenRead, TokenWritten } from '@synod/client';
import { checkDomain, checkId, checkName } from '@synod/tokens/vocabulary';
import { renderCreated, renderDropped, renderList, renderToken, tokenAnswer } from '../answers/token-answers.js';
import type { ExitCode } from '../exit-codes.js';
import { uint64 } from './arguments.js';
import { ask } from './ask.js';
import { withTarget, type TargetChoices } from './target-options.js';

type End = (code: ExitCode) => void;

interface IdChoices extends TargetChoices {
  readonly id: string;
}

interface WriteChoices extends IdChoices {
  readonly name: string;
  readonly low: bigint;
  readonly mid: bigint;
  readonly high: bigint;
}

/** `synod token create|drop|write|read|list`: one request about tokens. */
export function addToken(program: Command, end: End): void {
  const token = program.command('token').description('create, drop, write, read or list tokens');
  const about = (name: string, description: string): Command =>
    token.command(name).description(description).requiredOption('--id <id>', 'the token', idOf);

  withTarget(about('create', 'create a token anew that was dropped')).action((choices: IdChoices) =>
    create(choices, end),
  );
  withTarget(about('drop', 'drop a token: it has no name, domain and state any more')).action((choices: IdChoices) =>
    drop(choices, end),
  );
  const toWrite = about('write', 'give a token its name and domain, and tell its partial state')
    .requiredOption('--name <name>', 'its name', nameOf)
    .requiredOption('--low <n>', 'both states are searched from here', uint64('--low'))
    .requiredOption('--mid <n>', 'the partial state up to here, not included; low <= mid', uint64('--mid'))
    .requiredOption('--high <n>', 'the final state up to here, not included; mid < high', uint64('--high'));
  withTarget(toWrite).action((choices: WriteChoices) => write(choices, end));
  withTarget(about('read', 'tell all of a token, with its final state')).action((choices: IdChoices) =>
    read(choices, end),
  );
  withTarget(token.command('list').description('list the tokens that a server holds, or all of a cluster')).action(
    (choices: TargetChoices) => list(choices, end),
  );
}

/*
 * Ids, names and domains are checked here already: a client would first look for a server to send them to.
 */

function idOf(text: string): string {
  checkId(text);
  return text;
}

function nameOf(text: string): string {
  checkName(text);
  return text;
}

function create({ id, ...choices }: IdChoices, end: End): Promise<void> {
  return ask({
    choices,
    end,
    render: renderCreated,
    server: async ({ tokens }, options) => ({ id, ...(await tokens.create(id, options)) }),
    cluster: async (client, options) => ({ id, ...(await client.token(id).create(options)) }),
  });
}

function drop({ id, ...choices }: IdChoices, end: End): Promise<void> {
  return ask({
    choices,
    end,
    render: renderDropped,
    server: async ({ tokens }, options) => ({ id, ...(await tokens.drop(id, options)) }),
    cluster: async (client, options) => ({ id, ...(await client.token(id).drop(options)) }),
  });
}

function write({ id, name, low, mid, high, ...choices }: WriteChoices, end: End): Promise<void> {
  const domain = { low, mid, high };
  checkDomain(domain);
  const answer = ({ partial, tag }: TokenWritten) => tokenAnswer({ id, name, domain, partial }, tag);
  return ask({
    choices,
    end,
    render: renderToken,
    server: async ({ tokens }, options) => answer(await tokens.write({ id, name, domain }, options)),
    cluster: async (client, options) => answer(await client.token(id).write({ name, domain }, options)),
  });
}

function read({ id, ...choices }: IdChoices, end: End): Promise<void> {
  const answer = ({ token, tag }: TokenRead) => tokenAnswer(token, tag);
  return ask({
    choices,
    end,
    render: renderToken,
    server: async ({ tokens }, options) => answer(await tokens.read(id, options)),
    cluster: async (client, options) => answer(await client.token(id).read(options)),
  });
}

function list(choices: TargetChoices, end: End): Promise<void> {
  return ask({
    choices,
    end,
    render: renderList,
    server: async ({ tokens }, options) => ({ tokens: (await tokens.list(options)).map((id) => ({ id })) }),
    cluster: async (client, options) => ({ tokens: await client.tokens.list(options) }),
  });
}

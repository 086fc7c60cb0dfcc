import { Option, type Command } from 'commander';
import { renderSilenced, renderUnsilenced } from '../answers/silence-answers.js';
import type { ExitCode } from '../exit-codes.js';
import { writeFound } from '../write-out.js';
import { milliseconds } from './arguments.js';
import { request } from './request.js';
import { reachServer } from './target.js';
import { serverIn, withServer, type RequestChoices } from './target-options.js';

type End = (code: ExitCode) => void;

interface SubjectChoices extends RequestChoices {
  readonly token: string | undefined;
  readonly key: string | undefined;
}

interface SilenceChoices extends SubjectChoices {
  readonly phase: 'read' | 'write' | undefined;
  /** Seconds on the command line, milliseconds here. */
  readonly after: number;
}

/** The wire has 32 bits for milliseconds. */
const maxAfter = Math.floor((2 ** 32 - 1) / 1000);

/** `synod silence` and `synod unsilence`: whether a server that allows faults says anything. */
export function addSilence(program: Command, end: End): void {
  const toSilence = withSubject(program.command('silence'))
    .description('let a server say nothing more, or nothing of one register; needs --allow-faults there')
    .addOption(new Option('--phase <phase>', 'only in this phase of operations').choices(['read', 'write']))
    .option('--after <seconds>', 'begin after so long', milliseconds({ least: 0, most: maxAfter }), 0);
  withServer(toSilence).action((choices: SilenceChoices) => silence(choices, end));

  const toUnsilence = withSubject(program.command('unsilence')).description('lift such a silence, or all of them');
  withServer(toUnsilence).action((choices: SubjectChoices) => unsilence(choices, end));
}

function withSubject(command: Command): Command {
  return command
    .option('--token <id>', 'only about this token')
    .addOption(new Option('--key <key>', 'only about this register').conflicts('token'));
}

function silence({ token, key, phase, after: afterMs, json, ...choices }: SilenceChoices, end: End): Promise<void> {
  return request(
    async () => {
      const server = serverIn({ json, ...choices });
      await reachServer(server, ({ admin }, options) => admin.silence({ token, key, phase, afterMs }, options));
      const found = { server: server.address, token, key, phase, afterMs };
      await writeFound(found, { json, render: renderSilenced });
    },
    { json, end },
  );
}

function unsilence({ token, key, json, ...choices }: SubjectChoices, end: End): Promise<void> {
  return request(
    async () => {
      const server = serverIn({ json, ...choices });
      await reachServer(server, ({ admin }, options) => admin.unsilence({ token, key }, options));
      await writeFound({ server: server.address, token, key }, { json, render: renderUnsilenced });
    },
    { json, end },
  );
}

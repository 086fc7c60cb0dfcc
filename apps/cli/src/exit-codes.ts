import type { SynodError } from '@synod/kernel';
import type { Judgement } from './check/judgement.js';
import type { Failure } from './failure.js';

/** What the process of `synod` ends with. Its meanings stand here, and nowhere else in the code. */
export const exitCodes = { done: 0, failed: 1, usage: 2, refused: 3, unknown: 4, unreachable: 5 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const meanings: readonly [ExitCode, string][] = [
  [exitCodes.done, 'done, also when transfers are pending or were rejected'],
  [
    exitCodes.failed,
    'it could not be done, or not to its end; check, record, torture: something is violated; simulate, replay: so is a run; bench: something acknowledged is lost',
  ],
  [exitCodes.usage, 'a flag, a configuration or a file is wrong; nothing was started'],
  [exitCodes.refused, 'one request: refused for a reason, it did not happen'],
  [
    exitCodes.unknown,
    'one request: it may have happened, or may still happen; check, record, torture: no verdict within its limits',
  ],
  [exitCodes.unreachable, 'one request: no server or no majority answered in time, it did not happen'],
];

/** The table of exit codes, for `--help`. */
export function exitCodeHelp(): string {
  return ['', 'Exit codes:', ...meanings.map(([code, meaning]) => `  ${code}  ${meaning}`)].join('\n');
}

/** What a command that does many things ends with: that some of them were done says nothing about the others. */
export function exitCodeOf({ code }: Failure): ExitCode {
  return code === 'config' || code === 'invalid_argument' ? exitCodes.usage : exitCodes.failed;
}

/** What a command that makes one request of a server ends with, if that fails: whether it happened, and who said so. */
export function exitCodeOfRequest(error: SynodError): ExitCode {
  if (!error.definite) return exitCodes.unknown;
  switch (error.code) {
    case 'unavailable':
    case 'not_ready':
    case 'no_quorum':
    case 'deadline':
      return exitCodes.unreachable;
    case 'unknown_server':
    case 'unknown_account':
    case 'wrong_home':
    case 'unknown_key':
    case 'unknown_token':
    case 'unauthorised':
    case 'exists':
    case 'dropped':
    case 'never_written':
    case 'id_conflict':
    case 'refused':
    case 'resource_exhausted':
      return exitCodes.refused;
    case 'config':
    case 'invalid_argument':
    case 'disk_lost':
    case 'disk_cut':
    case 'replaced':
    case 'corrupt':
    case 'storage_failed':
    case 'cancelled':
    case 'internal':
      return exitCodeOf(error);
  }
}

/** What a command that decides a history ends with. */
export function exitCodeOfJudgement({ verdict, tags }: Pick<Judgement, 'verdict' | 'tags'>): ExitCode {
  if (verdict === 'violated' || tags.violated.length > 0) return exitCodes.failed;
  return verdict === 'unknown' ? exitCodes.unknown : exitCodes.done;
}

import { SynodError } from '@synod/kernel';

/** An operation whose time is up. */
export interface Late {
  /** `the write of register "a"` */
  readonly what: string;
  readonly timeoutMs: number;
  /** A try was still under way, and may have reached its server. */
  readonly sent: boolean;
  /** It certainly did not happen. */
  readonly isDefinite: boolean;
  /** What stood in the way last. */
  readonly problem: SynodError | undefined;
}

export function tooLate({ what, timeoutMs, sent, isDefinite, problem }: Late): SynodError {
  const because = problem ? `: ${problem.message}` : '';
  const unanswered = `${what} was not answered in ${timeoutMs} ms`;
  if (!isDefinite) {
    const message = `${unanswered}, its outcome is unknown${because}`;
    return new SynodError('deadline', message, { definite: false, cause: problem });
  }
  // Servers did answer, and what they said tells more than that the time is up.
  if (problem && problem.code !== 'unavailable') return problem;
  if (sent) return new SynodError('deadline', unanswered + because, { cause: problem });
  return new SynodError('unavailable', `${what} could not be sent in ${timeoutMs} ms${because}`, { cause: problem });
}

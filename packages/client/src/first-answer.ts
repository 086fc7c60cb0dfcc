import { SynodError } from '@synod/kernel';
import type { CallOptions } from '@synod/transport/client';
import { isPassing } from './retry.js';
import type { ServerLink } from './server-link.js';

/** A server that has not answered after this time keeps its chance, but the next one is asked too. */
const patienceMs = 250;

/**
 * Asks one server after the other, the next one as soon as one fails or lets us wait; the first answer wins and the
 * others are given up. Rejects with `unavailable` if none answers and any of them might later.
 */
export async function firstAnswer<T>(
  links: readonly ServerLink[],
  { timeoutMs, signal }: CallOptions,
  ask: (link: ServerLink, options: CallOptions) => Promise<T>,
): Promise<T> {
  const enough = new AbortController();
  const options = { timeoutMs, signal: signal ? AbortSignal.any([signal, enough.signal]) : enough.signal };
  const problems: Error[] = [];
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      let asked = 0;
      const askNext = (): void => {
        clearTimeout(timer);
        const link = links[asked];
        if (!link) return;
        asked++;
        timer = setTimeout(askNext, patienceMs);
        ask(link, options).then(resolve, (problem: Error) => {
          problems.push(problem);
          if (problems.length === links.length) reject(whatWentWrong(problems));
          else askNext();
        });
      };
      askNext();
    });
  } finally {
    clearTimeout(timer);
    enough.abort();
  }
}

/** Servers of another kind refuse what they do not serve: they say nothing of those that are away. */
function whatWentWrong(problems: readonly Error[]): Error {
  const mayPass = problems.findLast((problem) => isPassing(problem) || hasCode(problem, 'deadline'));
  const last = problems.at(-1)!;
  if (!mayPass || hasCode(last, 'cancelled')) return last;
  return new SynodError('unavailable', `no server answers: ${mayPass.message}`, { cause: mayPass });
}

function hasCode(problem: Error, code: SynodError['code']): boolean {
  return problem instanceof SynodError && problem.code === code;
}

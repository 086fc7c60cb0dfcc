import { SynodError } from '@synod/kernel';
import { exitCodeOfRequest, type ExitCode } from '../exit-codes.js';
import { tellFailure } from '../failure.js';

/** Makes one request of a server. If it fails, that is told, and `end` gets the code that says whether it happened. */
export async function request(
  make: () => Promise<void>,
  { json, end }: { readonly json: boolean; readonly end: (code: ExitCode) => void },
): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (!(error instanceof SynodError)) throw error;
    await tellFailure(inWords(error), json);
    end(exitCodeOfRequest(error));
  }
}

/** People see no `definite`: that nobody knows whether it happened stands in the message. */
function inWords(error: SynodError): SynodError {
  if (error.definite) return error;
  return new SynodError(error.code, `outcome unknown: ${error.message}`, { definite: false, cause: error });
}

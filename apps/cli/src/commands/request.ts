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
    await tellFailure(error, json);
    end(exitCodeOfRequest(error));
  }
}

import { SynodError } from '@synod/kernel';

/** What a check throws. */
export function objectionOf(check: () => void): SynodError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof SynodError) return error;
    throw error;
  }
}

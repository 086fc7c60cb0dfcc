import { SynodError } from '@synod/kernel';

/** What bytes say as a generated message. Throws `SynodError` `invalid_argument`. */
export function parseMessage<Wire>(type: { decode(bytes: Uint8Array): Wire }, bytes: Uint8Array): Wire {
  try {
    return type.decode(bytes);
  } catch (cause) {
    throw new SynodError('invalid_argument', `message can not be parsed: ${(cause as Error).message}`, { cause });
  }
}

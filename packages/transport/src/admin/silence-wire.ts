import { reject } from '../codec/wire-checks.js';
import { SilentPhase, type SilenceRequest } from '../gen/synod/admin/v1/admin_service.js';
import { checkKey } from '../register/register-checks.js';
import type { SilenceOrder, SilenceSubject } from './admin-backend.js';

/* Silences as synod/admin/v1/admin_service.proto has them. All throw `SynodError` `invalid_argument`, naming the field. */

export function writeSilence({ phase, afterMs, ...subject }: SilenceOrder): SilenceRequest {
  if (!Number.isInteger(afterMs) || afterMs < 0 || afterMs >= 2 ** 32) {
    reject('afterMs', `is ${afterMs} instead of a whole number from 0 to ${2 ** 32 - 1}`);
  }
  return { subject: writeSubject(subject), phase: writePhase(phase), afterMs };
}

export function writeSubject({ key, token }: SilenceSubject): SilenceRequest['subject'] {
  if (key !== undefined && token !== undefined) reject('token', 'stands beside a key: a silence is about one of them');
  if (key !== undefined) return { $case: 'key', value: key };
  return token === undefined ? undefined : { $case: 'token', value: token };
}

/** Whether there is such a token is for the server to say; here it is text that could be its id. */
export function readSubject(subject: SilenceRequest['subject']): SilenceSubject {
  switch (subject?.$case) {
    case 'key':
      return { key: checkKey(subject.value) };
    case 'token':
      return { token: checkKey(subject.value, 'token') };
    default:
      return {};
  }
}

function writePhase(phase: SilenceOrder['phase']): SilentPhase {
  switch (phase) {
    case 'read':
      return SilentPhase.READ;
    case 'write':
      return SilentPhase.WRITE;
    default:
      return SilentPhase.UNSPECIFIED;
  }
}

export function readPhase(phase: SilentPhase): SilenceOrder['phase'] {
  switch (phase) {
    case SilentPhase.UNSPECIFIED:
      return undefined;
    case SilentPhase.READ:
      return 'read';
    case SilentPhase.WRITE:
      return 'write';
    default:
      return reject('phase', 'is neither read nor write');
  }
}

import { reject } from '../codec/wire-checks.js';
import type { ReplaceResponse } from '../gen/synod/admin/v1/admin_service.js';
import type { Replaced } from './admin-backend.js';

export function writeReplaced(replaced: Replaced): ReplaceResponse {
  if (replaced.type === 'configuration') {
    return { by: { $case: replaced.type, value: { version: replaced.version } } };
  }
  const { type, height, sequence } = replaced;
  return { by: { $case: type, value: { height, sequence } } };
}

/** Throws `SynodError` `invalid_argument`. */
export function readReplaced({ by }: ReplaceResponse): Replaced {
  switch (by?.$case) {
    case 'block':
      return { type: by.$case, ...by.value };
    case 'configuration':
      return { type: by.$case, ...by.value };
    case undefined:
      return reject('by', 'is missing');
  }
}

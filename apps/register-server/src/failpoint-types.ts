import type { RegisterProtocol } from '@synod/register';

/** Inputs that a failpoint can wait for: every message that arrives, and the commands that change or ask something. */
export const failpointTypes = [
  'read',
  'value',
  'write',
  'ack',
  'introduce',
  'acquainted',
  'copy',
  'page',
  'delete',
] as const satisfies readonly (RegisterProtocol['message']['type'] | RegisterProtocol['command']['type'])[];

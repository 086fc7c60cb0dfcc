import { SynodError } from '@synod/kernel';
import { checkKey, type OperationOutcome, type KeyOperation } from '@synod/transport/client';
import { objectionOf } from './objection-of.js';
import { QuorumRead } from './quorum-read.js';
import type { Traffic } from './traffic.js';

/** Operations of registers. */
export const registerTraffic: Traffic<KeyOperation, OperationOutcome> = {
  session: (link) => link.registers,
  isRead: ({ type }) => type === 'read',
  asRead: ({ key }) => ({ type: 'read', key }),
  access: (routes, { key }) => routes.ofKey(key),
  objection: ({ key }) => objectionOf(() => checkKey(key)),
  unknown: ({ key }) => new SynodError('unknown_key', `no register ${JSON.stringify(key)} is configured`),
  describe: ({ type, key }) => `the ${type} of register ${JSON.stringify(key)}`,
  readByQuorum: (call, command, number) => new QuorumRead(call, command, number),
  isBrief: true,
};

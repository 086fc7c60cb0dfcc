import type { NodeId } from '@synod/kernel';
import { replicationIn } from '@synod/tokens';
import type { LocalRegisters } from '../local-cluster/local-registers.js';
import type { Subject } from './workload.js';

/** A server that does not answer is given up after this time. */
const timeoutMs = 3000;

/**
 * Registers as one server gives them, asked directly, again nowhere. What only another server may write goes there: so
 * keys that all may write have several writers at once, which the client library avoids.
 */
export function serverSubject(local: LocalRegisters, server: NodeId): Subject {
  const replicationOf = replicationIn(local.config);
  const registersOf = (node: NodeId) => local.connection(node).registers;
  return {
    async read(key) {
      const { value, tag } = await registersOf(server).read(key, { timeoutMs });
      return { value: value ? Buffer.from(value).toString() : null, tag };
    },
    async write(key, value) {
      const { writer } = replicationOf(key)!;
      const tag = await registersOf(writer === 'any' ? server : writer).write(key, Buffer.from(value), { timeoutMs });
      return { tag };
    },
  };
}

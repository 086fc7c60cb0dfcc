import { join } from 'node:path';
import { MemoryNetwork, NodeLoop, systemClock } from '@synod/kernel';
import {
  registerMachine,
  replicationByPattern,
  type RegisterMessage,
  type RegisterProtocol,
  type RegisterStatus,
} from '@synod/register';
import { LevelStorage } from '@synod/storage';
import { keysOf, patternsOf } from '../register-keys.js';
import type { Subject } from '../subject.js';
import { filled, RegisterSubject, type RegisterAccess, type RegisterTask } from './register-subject.js';

export interface EmbeddedTask extends Omit<RegisterTask, 'kind' | 'servers' | 'keys' | 'unary' | 'readFrom'> {
  readonly kind: 'embedded';
  /** How many replicas. */
  readonly servers: number;
  /** How many registers. */
  readonly keys: number;
  /** Each has a folder of its own in it. */
  readonly directory: string;
}

type Result<T extends RegisterProtocol['result']['type']> = Extract<RegisterProtocol['result'], { readonly type: T }>;

/** Registers replicated within one process, each replica on a disk of its own: what remains when there is no network. */
export async function openEmbedded(task: EmbeddedTask): Promise<Subject> {
  const members = Array.from({ length: task.servers }, (_, i) => `S${i + 1}`);
  const patterns = patternsOf(task.writer, members);
  const keys = keysOf(patterns, task.keys);
  const network = new MemoryNetwork<RegisterMessage>();
  const storages: LevelStorage[] = [];
  const loops: NodeLoop<RegisterProtocol>[] = [];
  for (const self of members) {
    const identity = { cluster: 'bench', node: self, format: 'register-1' };
    const storage = await LevelStorage.open({ directory: join(task.directory, self), identity });
    storages.push(storage);
    loops.push(
      await NodeLoop.open<RegisterProtocol>({
        self,
        definition: registerMachine({
          self,
          members,
          replicaSetOf: replicationByPattern(patterns),
          random: Math.random,
        }),
        storage,
        transport: network.transport(self),
        clock: systemClock,
        onFatal: (error) => {
          throw error;
        },
      }),
    );
  }
  await Promise.all(loops.map(untilReady));
  const close = async (): Promise<void> => {
    for (const loop of loops) await loop.stop();
    for (const storage of storages) await storage.close();
  };
  // A client of the library keeps to one server where several would do.
  const writing = task.writer === 'each' ? loops : loops.slice(0, 1);
  return filled(new RegisterSubject(accessTo(loops[0]!, writing, keys, close), { ...task, keys }), task);
}

/** `writing`: the key at a place is written by the one at that place, around and around. */
function accessTo(
  reading: NodeLoop<RegisterProtocol>,
  writing: readonly NodeLoop<RegisterProtocol>[],
  keys: readonly string[],
  close: () => Promise<void>,
): RegisterAccess {
  return {
    read: (place) => ask(reading, { type: 'read', key: keys[place]! }, 'value'),
    write: (place, value) =>
      ask(writing[place % writing.length]!, { type: 'write', key: keys[place]!, value }, 'written'),
    close,
  };
}

function ask<T extends RegisterProtocol['result']['type']>(
  loop: NodeLoop<RegisterProtocol>,
  command: RegisterProtocol['command'],
  type: T,
): Promise<Result<T>> {
  return new Promise((resolve, reject) => {
    loop.invoke(command, (result) => {
      if (result.type === 'error') reject(result.error);
      else if (result.type === type) resolve(result as Result<T>);
      else reject(new Error(`${command.type} is answered with ${type}, not ${result.type}`));
    });
  });
}

async function untilReady(loop: NodeLoop<RegisterProtocol>): Promise<void> {
  while (!isReady((await ask(loop, { type: 'status' }, 'status')).status)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function isReady({ standing, peers }: RegisterStatus): boolean {
  return standing === 'member' && peers.every(({ knowsThis }) => knowsThis);
}

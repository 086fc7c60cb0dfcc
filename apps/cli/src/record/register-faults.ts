import type { LocalRegisters } from '../local-cluster/local-registers.js';
import type { Faults } from './nemesis.js';

/** What can be done to register servers that are processes of this machine. */
export function registerFaults(local: LocalRegisters): Faults {
  return {
    kill: (server) => local.crash(server),
    restart: (server) => local.restart(server),
    pause: async (server) => local.pause(server),
    resume: async (server) => local.resume(server),
    silence: (server) => local.silence(server),
    unsilence: (server) => local.unsilence(server),
    isolate: (server) => local.isolate(server),
    rejoin: (server) => local.rejoin(server),
  };
}

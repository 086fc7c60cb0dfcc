import { SynodError } from '@synod/kernel';
import { reject } from '../codec/wire-checks.js';
import {
  AdminServiceService,
  FailpointAction,
  protobufPackage,
  type AdminServiceServer,
} from '../gen/synod/admin/v1/admin_service.js';
import type { GrpcService } from '../host/grpc-service.js';
import { unary } from '../host/handlers.js';
import { checkName } from '../ledger/transfer-checks.js';
import type { AdminBackend, Failpoint } from './admin-backend.js';
import { writeReplaced } from './replaced-wire.js';
import { readPhase, readSubject } from './silence-wire.js';

export interface AdminServiceOptions {
  /** Whether faults, failpoints and silences may be set; otherwise those calls are refused. */
  readonly allowFaults: boolean;
}

/** `synod.admin.v1.AdminService` in front of a server. */
export function adminService(backend: AdminBackend, { allowFaults }: AdminServiceOptions): GrpcService {
  const needFaults = (): void => {
    if (!allowFaults) throw new SynodError('refused', 'this server was started without --allow-faults');
  };
  const implementation: AdminServiceServer = {
    setLinks: unary(async ({ all, peers }) => {
      if (all && peers.length > 0) reject('peers', 'must be empty when all are meant');
      await backend.setLinks(all ? undefined : checkPeers(peers, 'peers'));
      return {};
    }),
    connect: unary(async ({ peers }) => {
      await backend.connect(checkPeers(peers, 'peers'));
      return {};
    }),
    disconnect: unary(async ({ peers }) => {
      await backend.disconnect(checkPeers(peers, 'peers'));
      return {};
    }),
    setFaults: unary(async ({ dropTo, dropFrom }) => {
      needFaults();
      await backend.setFaults({
        dropTo: checkPeers(dropTo, 'drop_to'),
        dropFrom: checkPeers(dropFrom, 'drop_from'),
      });
      return {};
    }),
    setFailpoint: unary(async ({ name, action, hits }) => {
      needFaults();
      await backend.setFailpoint({
        name: checkName(name, 'name'),
        action: readAction(action),
        hits: Math.max(hits, 1),
      });
      return {};
    }),
    listFailpoints: unary(async () => {
      needFaults();
      return { failpoints: [...backend.failpoints()] };
    }),
    silence: unary(async ({ subject, phase, afterMs }) => {
      needFaults();
      await backend.silence({ ...readSubject(subject), phase: readPhase(phase), afterMs });
      return {};
    }),
    unsilence: unary(async ({ subject }) => {
      needFaults();
      await backend.unsilence(readSubject(subject));
      return {};
    }),
    replace: unary(async ({ server, disk, address }) => {
      const names = { server: checkName(server, 'server'), disk: checkName(disk, 'disk') };
      return writeReplaced(await backend.replace({ ...names, address: checkName(address, 'address') }));
    }),
    shutdown: (_call, callback) => {
      callback(null, {});
      // The answer leaves before the end begins.
      setImmediate(() => backend.shutdown());
    },
  };
  return {
    name: `${protobufPackage}.AdminService`,
    definition: AdminServiceService,
    essential: true,
    implementation,
  };
}

function checkPeers(peers: readonly string[], field: string): readonly string[] {
  return peers.map((peer) => checkName(peer, field));
}

function readAction(action: FailpointAction): Failpoint['action'] {
  switch (action) {
    case FailpointAction.KILL:
      return 'kill';
    case FailpointAction.OFF:
      return 'off';
    default:
      return reject('action', 'is neither kill nor off');
  }
}

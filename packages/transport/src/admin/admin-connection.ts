import type { NodeId } from '@synod/kernel';
import type { CallOptions } from '../connection/call-options.js';
import { ServiceConnection } from '../connection/service-connection.js';
import { AdminServiceService as methods, FailpointAction } from '../gen/synod/admin/v1/admin_service.js';
import type {
  Failpoint,
  FailpointState,
  LinkFaults,
  Replaced,
  Replacement,
  SilenceOrder,
  SilenceSubject,
} from './admin-backend.js';
import { readReplaced } from './replaced-wire.js';
import { writeSilence, writeSubject } from './silence-wire.js';

/** The admin calls of one server. Every method rejects with `SynodError`; `refused` where faults are not allowed. */
export class AdminConnection extends ServiceConnection {
  /** Keeps links to exactly these peers; `undefined`: to all. */
  async setLinks(peers: readonly NodeId[] | undefined, options?: CallOptions): Promise<void> {
    const request = { all: peers === undefined, peers: [...(peers ?? [])] };
    await this.connection.unary(methods.setLinks, request, { ...options, readOnly: false });
  }

  /** Allows links to these peers again. */
  async connect(peers: readonly NodeId[], options?: CallOptions): Promise<void> {
    await this.connection.unary(methods.connect, { peers: [...peers] }, { ...options, readOnly: false });
  }

  /** Cuts the links to these peers. */
  async disconnect(peers: readonly NodeId[], options?: CallOptions): Promise<void> {
    await this.connection.unary(methods.disconnect, { peers: [...peers] }, { ...options, readOnly: false });
  }

  async setFaults({ dropTo, dropFrom }: LinkFaults, options?: CallOptions): Promise<void> {
    const request = { dropTo: [...dropTo], dropFrom: [...dropFrom] };
    await this.connection.unary(methods.setFaults, request, { ...options, readOnly: false });
  }

  async setFailpoint({ name, action, hits }: Failpoint, options?: CallOptions): Promise<void> {
    const request = { name, action: action === 'kill' ? FailpointAction.KILL : FailpointAction.OFF, hits };
    await this.connection.unary(methods.setFailpoint, request, { ...options, readOnly: false });
  }

  async failpoints(options?: CallOptions): Promise<FailpointState[]> {
    const { failpoints } = await this.connection.unary(methods.listFailpoints, {}, { ...options, readOnly: true });
    return failpoints;
  }

  /** Falls silent. Replaces a silence about the same. */
  async silence(silence: SilenceOrder, options?: CallOptions): Promise<void> {
    await this.connection.unary(methods.silence, writeSilence(silence), { ...options, readOnly: false });
  }

  /** Lifts the silence about a register or a token; about neither: all silences. */
  async unsilence(subject: SilenceSubject, options?: CallOptions): Promise<void> {
    const request = { subject: writeSubject(subject) };
    await this.connection.unary(methods.unsilence, request, { ...options, readOnly: false });
  }

  /** Gives another server of the cluster another disk and address, for good. Done already, it is answered as before. */
  async replace(replacement: Replacement, options?: CallOptions): Promise<Replaced> {
    return readReplaced(
      await this.connection.unary(methods.replace, { ...replacement }, { ...options, readOnly: false }),
    );
  }

  /** Answered before the stop begins. */
  async shutdown(options?: CallOptions): Promise<void> {
    await this.connection.unary(methods.shutdown, {}, { ...options, readOnly: false });
  }
}

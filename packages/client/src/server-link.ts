import type { NodeId } from '@synod/kernel';
import type { TransferCommand } from '@synod/ledger';
import { LedgerConnection, type LedgerSession, type Submission, type TransferResult } from '@synod/transport/client';
import { Backoff } from './backoff.js';
import type { ServerAddress } from './options.js';

/** One server: its calls, and the session over which transfers go, opened anew with backoff when it ends. */
export class ServerLink {
  readonly address: string;
  readonly calls: LedgerConnection;
  /** Unknown until the server was asked, if the caller did not tell. */
  id: NodeId | undefined;
  readonly #backoff = new Backoff();
  #session: LedgerSession | undefined;

  constructor({ id, address }: ServerAddress, cluster: string | undefined) {
    this.id = id;
    this.address = address;
    this.calls = new LedgerConnection(address, { cluster });
  }

  submit(command: TransferCommand, done: (result: TransferResult) => void): Submission {
    this.#session ??= this.calls.session({
      delayMs: this.#backoff.next(),
      onOpen: () => this.#backoff.reset(),
      onEnd: () => (this.#session = undefined),
    });
    return this.#session.submit(command, done);
  }

  close(): void {
    this.calls.close();
  }
}

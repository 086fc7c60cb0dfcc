import { ServerConnection, type AdminConnection, type Replaced } from '@synod/transport/client';
import type { ServerProcess } from './server-process.js';

/** A server that takes the place of another, on a disk of its own and at an address of its own. */
export class Successor {
  readonly server: string;
  readonly address: string;
  readonly calls: ServerConnection;
  readonly #spawn: () => ServerProcess;

  /** `spawn`: starts it, at `address`. */
  constructor(server: string, address: string, spawn: () => ServerProcess) {
    this.server = server;
    this.address = address;
    this.calls = new ServerConnection(address);
    this.#spawn = spawn;
  }

  /** Starts it, on an empty disk the first time, with the same configuration as ever. */
  async start(): Promise<ServerProcess> {
    const process = this.#spawn();
    await process.logged('server-started');
    return process;
  }

  /** `asked`: of another server. */
  async replace(asked: AdminConnection): Promise<Replaced> {
    const { disk } = await this.calls.node.describe();
    return asked.replace({ server: this.server, disk, address: this.address });
  }

  close(): void {
    this.calls.close();
  }
}

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands before a server and passes bytes both ways, until it stands still: as a process that was stopped (SIGSTOP). */
export class Relay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isStill = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** `to`: `host:port` */
  static async before(to: string): Promise<Relay> {
    const [host, port] = to.split(':') as [string, string];
    const server = createServer();
    const relay = new Relay(server);
    server.on('connection', (near) => relay.#join(near, connect(Number(port), host)));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return relay;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on connections are taken and stay open, but nothing passes. */
  standStill(): void {
    this.#isStill = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** What was held up passes, and all that follows. */
  goOn(): void {
    this.#isStill = false;
    for (const socket of this.#sockets) socket.resume();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server.close(), 'close');
  }

  #join(near: Socket, far: Socket): void {
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('data', (bytes) => other.write(bytes));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      if (this.#isStill) socket.pause();
    }
  }
}

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { GrpcHost } from '../host/grpc-host.js';
import { ledgerService } from '../ledger/ledger-service.js';
import { nodeService } from '../node/node-service.js';
import { registerService } from '../register/register-service.js';
import { cleanup } from '../testing/cleanup.js';
import { Bank, RegisterStand } from '../testing/index.js';
import { ServerConnection } from './server-connection.js';

const opened = cleanup(afterEach);

test('calls, sessions and watches of all services of a server share one TCP connection', async () => {
  const bank = new Bank();
  const registers = [{ key: '*', writer: 'any', replicas: ['S1'] }];
  const stand = opened(await RegisterStand.serve({ nodes: ['S1'], registers }));
  const services = [nodeService(bank), ledgerService(bank), registerService(stand.nodes[0]!)];
  const host = opened(await GrpcHost.listen({ address: '127.0.0.1:0', services }));
  const proxy = opened(await CountingProxy.to(host.port));
  const server = opened(new ServerConnection(proxy.address));
  expect(server.address).toBe(proxy.address);

  const session = server.registers.session();
  const [description, balance, read, inSession, report, watched, admin] = await Promise.all([
    server.node.describe(),
    server.ledger.balance('S1'),
    server.registers.read('a'),
    new Promise((resolve) => session.submit({ type: 'read', key: 'a' }, resolve)),
    server.ledger.watchStatus().next(),
    server.registers.watch('a').next(),
    server.admin.connect(['S2']).catch(({ code }: { code: string }) => code),
  ]);
  expect(description).toMatchObject({ server: 'S1' });
  expect(balance).toMatchObject({ spendable: 100n });
  expect(read).toEqual({ value: undefined, tag: undefined });
  expect(inSession).toMatchObject({ type: 'value' });
  expect(report.value).toMatchObject({ status: { server: 'S1' } });
  expect(watched.value).toMatchObject({ tag: undefined });
  expect(admin).toBe('refused'); // no such service here
  expect(proxy.connections).toBe(1);
});

test('closing it ends the calls of all services', async () => {
  const registers = [{ key: '*', writer: 'any', replicas: ['S1'] }];
  const stand = opened(await RegisterStand.serve({ nodes: ['S1'], registers }));
  const server = opened(new ServerConnection(stand.addresses[0]!));
  const watches = [server.registers.watch('a'), server.registers.watchStatus(), server.node.watchEvents()];
  await Promise.all(watches.slice(0, 2).map((watch) => watch.next()));
  const ends = watches.map((watch) => expect(watch.next()).rejects.toMatchObject({ code: 'cancelled' }));
  server.close();
  await Promise.all(ends);
  await expect(server.node.describe()).rejects.toMatchObject({ code: 'cancelled', definite: true });
});

test.each([
  ['close', 'cancelled'],
  ['leave', 'unavailable'],
] as const)('what waits for a connection ends definite, after %s with %s', async (end, code) => {
  const silent = createServer((socket) => socket.on('error', () => {}).unref());
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  opened({ close: () => void silent.close() });
  const server = new ServerConnection(`127.0.0.1:${(silent.address() as AddressInfo).port}`);
  const taken = once(silent, 'connection');
  const session = server.registers.session();
  const [inSession, called] = [
    new Promise((resolve) => session.submit({ type: 'write', key: 'a', value: Buffer.from('x') }, resolve)),
    server.registers.read('a').catch((error: unknown) => error),
  ];
  await taken;
  server[end]();
  expect(await inSession).toMatchObject({ code, definite: true });
  expect(await called).toMatchObject({ code, definite: true });
});

/** Passes bytes on, and counts who connects. */
class CountingProxy {
  connections = 0;
  readonly #server: Server;

  private constructor(port: number) {
    this.#server = createServer((socket) => {
      this.connections++;
      const onward = connect(port, '127.0.0.1');
      socket.pipe(onward).pipe(socket);
      for (const [one, other] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        one.on('error', () => other.destroy());
        one.on('close', () => other.destroy());
      }
    });
  }

  static async to(port: number): Promise<CountingProxy> {
    const proxy = new CountingProxy(port);
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }
}

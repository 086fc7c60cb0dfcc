import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalServers, type Ending } from '../local-cluster/local-servers.js';

/** Calls home when it starts, says who it is, answers every line with `pong`, and says `bye` when it is asked to end. */
const module = `
import { connect } from 'node:net';
const [port, ...args] = process.argv.slice(2);
if (args.includes('--fail')) throw new RangeError('no such thing');
const home = connect({ port, host: '127.0.0.1' });
home.write(JSON.stringify({ pid: process.pid, args }) + '\\n');
home.on('data', () => home.write('pong\\n'));
process.on('SIGTERM', () => home.end('bye\\n', () => process.exit()));
`;

/** One life of such a server. */
export interface Life {
  readonly pid: number;
  readonly args: readonly string[];
  readonly socket: Socket;
  /** The next thing it says. */
  readonly says: () => Promise<string>;
}

/** `LocalServers` S1, S2 and S3 that do nothing but obey, in a temporary folder. */
export class ObedientServers {
  readonly folder: string;
  readonly ended: Ending[] = [];
  readonly servers: LocalServers;
  readonly #home: Server;

  static async make(): Promise<ObedientServers> {
    const folder = await mkdtemp(join(tmpdir(), 'synod-servers-'));
    await writeFile(join(folder, 'server.mjs'), module);
    const home = createServer();
    home.listen(0, '127.0.0.1');
    await once(home, 'listening');
    return new ObedientServers(folder, home);
  }

  private constructor(folder: string, home: Server) {
    this.folder = folder;
    this.#home = home;
    const { port } = home.address() as AddressInfo;
    this.servers = new LocalServers({
      servers: ['S1', 'S2', 'S3'].map((id, i) => ({ id, address: `127.0.0.1:${i + 1}` })),
      module: join(folder, 'server.mjs'),
      args: (server, directory) => [`${port}`, server, directory],
      directory: folder,
    });
    this.servers.onEnd((ending) => this.ended.push(ending));
  }

  async start(server: string, flags?: readonly string[]): Promise<Life> {
    this.servers.start(server, flags);
    const [socket] = (await once(this.#home, 'connection')) as [Socket];
    socket.on('error', () => {}); // it was killed
    const says = async () => String(((await once(socket, 'data')) as [Buffer])[0]).trimEnd();
    const { pid, args } = JSON.parse(await says()) as Pick<Life, 'pid' | 'args'>;
    return { pid, args, socket, says };
  }

  async close(): Promise<void> {
    await this.servers.stop();
    this.#home.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

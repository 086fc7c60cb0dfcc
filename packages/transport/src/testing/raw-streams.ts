import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { connect, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';

/** One gRPC message of these bytes, framed. `announced`: the length it says it has. */
export function grpcMessage(bytes: Uint8Array, announced = bytes.length): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(announced, 1);
  return Buffer.concat([prefix, bytes]);
}

/** A connection of a client that keeps to HTTP/2 and to nothing else. */
export class RawStreams {
  readonly #session: ClientHttp2Session;
  readonly #socket: Socket;

  /** `takes`: bytes that it lets the server send on each stream before it has read any. */
  constructor(address: string, { takes = 65_535 }: { readonly takes?: number } = {}) {
    const { hostname, port } = new URL(`http://${address}`);
    this.#socket = connectSocket(Number(port), hostname);
    const createConnection = (): Socket => this.#socket;
    this.#session = connect(`http://${address}`, { createConnection, settings: { initialWindowSize: takes } });
    this.#session.on('error', () => undefined);
  }

  /** `path`: of a method, as in `/synod.node.v1.NodeService/Describe`. */
  open(path: string): ClientHttp2Stream {
    const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
    return this.#session.request(headers).on('error', () => undefined);
  }

  /** Not the session: Node 20 does not come back from the end of one whose writes wait for the server. */
  close(): void {
    this.#socket.destroy();
  }
}

/** The HTTP/2 code that a stream ended with. */
export async function codeAtEnd(stream: ClientHttp2Stream): Promise<number | undefined> {
  if (!stream.destroyed) await new Promise((resolve) => stream.once('close', resolve));
  return stream.rstCode;
}

/** `grpc-status` of a call that is refused without an answer. */
export async function statusOf(stream: ClientHttp2Stream): Promise<string | string[] | undefined> {
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  return headers['grpc-status'];
}

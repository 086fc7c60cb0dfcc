import { fileURLToPath } from 'node:url';
import {
  credentials,
  loadPackageDefinition,
  type Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  type GrpcObject,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** The proto files as `@synod/transport` ships them. */
const shipped = fileURLToPath(new URL('../../../../packages/transport/proto/', import.meta.url));

const files = ['register/v1/register_service', 'token/v1/token_service', 'node/v1/node_service'];
const loaded = loadPackageDefinition(
  loadSync(
    files.map((file) => `synod/${file}.proto`),
    { includeDirs: [shipped], longs: String, enums: String },
  ),
);

function clientOf(service: string): ServiceClientConstructor {
  let found: unknown = loaded;
  for (const name of service.split('.')) found = (found as GrpcObject)[name];
  return found as ServiceClientConstructor;
}

/** The bytes of a request. */
export function encodeRequest(service: string, method: string, request: object): Buffer {
  return clientOf(service).service[method]!.requestSerialize(request);
}

/** What a call ends with that fails as a whole. */
class CallError extends Error {
  /** Number of the gRPC status. */
  readonly status: number;
  /** `synod-code` and `synod-definite` of the trailing metadata. */
  readonly code: unknown;
  readonly definite: unknown;

  constructor({ code, details, metadata }: ServiceError) {
    super(details);
    this.status = code;
    [this.code] = metadata.get('synod-code');
    [this.definite] = metadata.get('synod-definite');
  }
}

/** A client as somebody makes it who has the proto files and nothing else of this project. */
export class ForeignClient {
  readonly #client: Client;

  /** `service`: its full name, such as `synod.token.v1.TokenService`. */
  constructor(service: string, address: string) {
    this.#client = new (clientOf(service))(address, credentials.createInsecure());
  }

  /** A method with one request and one answer. Rejects with a `CallError`. */
  call(method: string, request: object): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const deadline = Date.now() + 10_000;
      const done = (error: ServiceError | null, answer: Record<string, unknown>): void => {
        if (error) reject(new CallError(error));
        else resolve(answer);
      };
      this.#method<(...args: unknown[]) => void>(method)(request, { deadline }, done);
    });
  }

  /** All that a method with a stream of answers sends. */
  async all(method: string, request: object): Promise<Record<string, unknown>[]> {
    const stream = this.#method<(request: object) => ClientReadableStream<Record<string, unknown>>>(method)(request);
    const answers: Record<string, unknown>[] = [];
    for await (const answer of stream) answers.push(answer as Record<string, unknown>);
    return answers;
  }

  /** One item of a session, and its answer. */
  async item(request: object): Promise<Record<string, unknown>> {
    const stream = this.#method<() => ClientDuplexStream<object, { results: Record<string, unknown>[] }>>('Session')();
    stream.write({ items: [{ number: 7, request }] });
    stream.end();
    for await (const { results } of stream as AsyncIterable<{ results: Record<string, unknown>[] }>) return results[0]!;
    throw new Error('the session ended without an answer');
  }

  close(): void {
    this.#client.close();
  }

  #method<F>(name: string): F {
    const client = this.#client as unknown as Record<string, (...args: unknown[]) => unknown>;
    return client[name]!.bind(client) as F;
  }
}

import type { EventEmitter } from 'node:events';
import {
  Client,
  credentials,
  type CallOptions,
  type ClientDuplexStream,
  type ClientReadableStream,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js';

type Method<Request, Response> = Pick<
  MethodDefinition<Request, Response>,
  'path' | 'requestSerialize' | 'responseDeserialize'
>;

/** What a foreign client does: it checks nothing, and sees statuses and trailing metadata as they are. */
export class RawCalls {
  readonly #client: Client;

  constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure());
  }

  unary<Request, Response>(
    { path, requestSerialize, responseDeserialize }: Method<Request, Response>,
    request: Request,
    options: CallOptions = {},
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, response?: Response): void => {
        if (error) reject(error);
        else resolve(response!);
      };
      this.#client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, options, done);
    });
  }

  /** The error of a call that is to fail, as the wire carries it. */
  async failure<Request, Response>(method: Method<Request, Response>, request: Request): Promise<RawFailure> {
    const error = await this.unary(method, request).then(
      () => undefined,
      (failed: ServiceError) => failed,
    );
    return {
      status: error?.code,
      details: error?.details,
      code: error?.metadata.get('synod-code')[0],
      definite: error?.metadata.get('synod-definite')[0],
    };
  }

  duplex<Request, Response>({
    path,
    requestSerialize,
    responseDeserialize,
  }: Method<Request, Response>): ClientDuplexStream<Request, Response> {
    return bearing(this.#client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize));
  }

  pages<Request, Page>(
    { path, requestSerialize, responseDeserialize }: Method<Request, Page>,
    request: Request,
  ): ClientReadableStream<Page> {
    return bearing(this.#client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request));
  }

  close(): void {
    this.#client.close();
  }
}

/** A test that ends cancels its streams: that is no error of the test. */
function bearing<Stream extends EventEmitter>(call: Stream): Stream {
  return call.on('error', () => undefined);
}

/** Undefined: the call did not fail, or the wire did not say. */
export interface RawFailure {
  readonly status: number | undefined;
  readonly details: string | undefined;
  readonly code: string | Buffer | undefined;
  readonly definite: string | Buffer | undefined;
}

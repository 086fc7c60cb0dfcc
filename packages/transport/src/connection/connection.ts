import {
  Client,
  connectivityState,
  credentials,
  Metadata,
  type ClientDuplexStream,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { SynodError } from '@synod/kernel';
import { fromServiceError } from '../errors/wire-errors.js';
import { clusterKey } from './cluster-key.js';
import { defaultTimeoutMs, type CallOptions, type ConnectionOptions } from './call-options.js';

/** What a client asks of its channel. grpc-js would wait up to two minutes before it tries a dead server again. */
const channelOptions = {
  'grpc.max_receive_message_length': 64 * 1024 * 1024,
  'grpc.initial_reconnect_backoff_ms': 50,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5_000,
  // A connection of its own, so that closing it closes nobody else's.
  'grpc.use_local_subchannel_pool': 1,
};

type Method<Request, Response> = Pick<
  MethodDefinition<Request, Response>,
  'path' | 'requestSerialize' | 'responseDeserialize'
>;

export interface UnaryOptions extends CallOptions {
  /** The call changes nothing: whatever goes wrong, nothing happened. */
  readonly readOnly: boolean;
}

/**
 * One channel to one server. It never starts a call before the channel is connected: an error that comes earlier is
 * definite whatever the call would have done, because nothing was sent.
 */
export class Connection {
  readonly address: string;
  readonly #client: Client;
  readonly #metadata = new Metadata();
  readonly #closed = new AbortController();

  constructor(address: string, { cluster }: ConnectionOptions = {}) {
    this.address = address;
    this.#client = new Client(address, credentials.createInsecure(), channelOptions);
    if (cluster !== undefined) this.#metadata.set(clusterKey, cluster);
  }

  async unary<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    { readOnly, timeoutMs = defaultTimeoutMs, signal: given }: UnaryOptions,
  ): Promise<Response> {
    const deadline = Date.now() + timeoutMs;
    const signal = this.#signal(given);
    await this.#connected(deadline, signal);
    return new Promise((resolve, reject) => {
      const call = this.#client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        this.#metadata,
        { deadline },
        (error, response) => {
          signal.removeEventListener('abort', cancel);
          if (error) reject(fromServiceError(error, { readOnly, cancelled: signal.aborted }));
          else resolve(response!);
        },
      );
      const cancel = (): void => call.cancel();
      signal.addEventListener('abort', cancel);
    });
  }

  /** The pages of a call that changes nothing. Without a timeout it waits for ever. */
  async *pages<Request, Page>(
    method: Method<Request, Page>,
    request: Request,
    { timeoutMs = Infinity, signal: given }: CallOptions,
  ): AsyncGenerator<Page> {
    const deadline = Date.now() + timeoutMs;
    const signal = this.#signal(given);
    await this.#connected(deadline, signal);
    const call = this.#client.makeServerStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      this.#metadata,
      { deadline },
    );
    const cancel = (): void => call.cancel();
    signal.addEventListener('abort', cancel);
    // Once the loop below is left nobody listens any more, and the cancellation itself arrives as an error.
    call.on('error', () => undefined);
    try {
      for await (const page of call) yield page as Page;
    } catch (error) {
      throw fromServiceError(error as ServiceError, { readOnly: true, cancelled: signal.aborted });
    } finally {
      signal.removeEventListener('abort', cancel);
      call.cancel();
    }
  }

  /** Opens a stream in both directions once connected. Closing the connection cancels it. */
  async duplex<Request, Response>(
    method: Method<Request, Response>,
    timeoutMs = defaultTimeoutMs,
  ): Promise<ClientDuplexStream<Request, Response>> {
    await this.#connected(Date.now() + timeoutMs, this.#closed.signal);
    const call = this.#client.makeBidiStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      this.#metadata,
    );
    const cancel = (): void => call.cancel();
    this.#closed.signal.addEventListener('abort', cancel);
    call.on('status', () => this.#closed.signal.removeEventListener('abort', cancel));
    return call;
  }

  get closed(): boolean {
    return this.#closed.signal.aborted;
  }

  /** Ends every call under way with `cancelled`. */
  close(): void {
    this.#closed.abort();
    this.#client.close();
  }

  #signal(given: AbortSignal | undefined): AbortSignal {
    return given ? AbortSignal.any([given, this.#closed.signal]) : this.#closed.signal;
  }

  /** Rejects with `unavailable` when the server refuses the connection, or does not take it before the deadline. */
  async #connected(deadline: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      if (signal.aborted) throw new SynodError('cancelled', 'the caller gave up before anything was sent');
      const state = this.#client.getChannel().getConnectivityState(true);
      if (state === connectivityState.READY) return;
      if (state === connectivityState.TRANSIENT_FAILURE) {
        throw new SynodError('unavailable', `${this.address} cannot be reached`);
      }
      await this.#stateChange(state, deadline, signal);
    }
  }

  #stateChange(state: connectivityState, deadline: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = (): void => resolve();
      signal.addEventListener('abort', wake, { once: true });
      this.#client.getChannel().watchConnectivityState(state, deadline, (error) => {
        signal.removeEventListener('abort', wake);
        if (!error) resolve();
        else reject(new SynodError('unavailable', `${this.address} did not take the connection in time`));
      });
    });
  }
}

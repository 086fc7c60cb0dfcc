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
import { GiveUp } from './give-up.js';
import { defaultTimeoutMs, type CallOptions, type ConnectionOptions } from './call-options.js';

/** What a client asks of its channel. grpc-js would wait up to two minutes before it tries a dead server again. */
const channelOptions = {
  'grpc.max_receive_message_length': 64 * 1024 * 1024,
  'grpc.initial_reconnect_backoff_ms': 50,
  'grpc.max_reconnect_backoff_ms': 1_000,
  // A connection of its own, so that closing it closes nobody else's.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_channelz': 0, // nobody can ask for what it counts
};

/** It is asked for a sign of life after two thirds of the time, and has the rest to give one. */
const keepalive = (lifeSignMs: number) => ({
  'grpc.keepalive_time_ms': (lifeSignMs * 2) / 3,
  'grpc.keepalive_timeout_ms': lifeSignMs / 3,
});

/** A method as its generated service definition has it. */
export type Method<Request, Response> = Pick<
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
  readonly #unreachable: () => void;

  constructor(address: string, { cluster, lifeSignMs = 15_000, unreachable = () => {} }: ConnectionOptions = {}) {
    this.address = address;
    this.#unreachable = unreachable;
    this.#client = new Client(address, credentials.createInsecure(), { ...channelOptions, ...keepalive(lifeSignMs) });
    if (cluster !== undefined) this.#metadata.set(clusterKey, cluster);
  }

  async unary<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    { readOnly, timeoutMs = defaultTimeoutMs, signal }: UnaryOptions,
  ): Promise<Response> {
    const deadline = Date.now() + timeoutMs;
    const giveUp = new GiveUp(signal, this.#closed.signal);
    await this.#connected(deadline, giveUp);
    giveUp.check();
    return new Promise((resolve, reject) => {
      const call = this.#client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        this.#metadata,
        { deadline },
        (error, response) => {
          forget();
          if (error) reject(fromServiceError(error, { readOnly, cancelled: giveUp.wished }));
          else resolve(response!);
        },
      );
      const forget = giveUp.on(() => call.cancel());
    });
  }

  /** The pages of a call that changes nothing. Without a timeout it waits for ever. */
  async *pages<Request, Page>(
    method: Method<Request, Page>,
    request: Request,
    { timeoutMs = Infinity, signal }: CallOptions,
  ): AsyncGenerator<Page> {
    const deadline = Date.now() + timeoutMs;
    const giveUp = new GiveUp(signal, this.#closed.signal);
    await this.#connected(deadline, giveUp);
    giveUp.check();
    const call = this.#client.makeServerStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      this.#metadata,
      { deadline },
    );
    const forget = giveUp.on(() => call.cancel());
    // Once the loop below is left nobody listens any more, and the cancellation itself arrives as an error.
    call.on('error', () => undefined);
    try {
      for await (const page of call) yield page as Page;
    } catch (error) {
      throw fromServiceError(error as ServiceError, { readOnly: true, cancelled: giveUp.wished });
    } finally {
      forget();
      call.cancel();
    }
  }

  /** Opens a stream in both directions once connected. Closing the connection cancels it. */
  async duplex<Request, Response>(
    method: Method<Request, Response>,
    timeoutMs = defaultTimeoutMs,
  ): Promise<ClientDuplexStream<Request, Response>> {
    const giveUp = new GiveUp(this.#closed.signal);
    await this.#connected(Date.now() + timeoutMs, giveUp);
    giveUp.check();
    const call = this.#client.makeBidiStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      this.#metadata,
    );
    call.on(
      'status',
      giveUp.on(() => call.cancel()),
    );
    return call;
  }

  /** By `close`, not by `leave`. */
  get closed(): boolean {
    const { signal } = this.#closed;
    return signal.aborted && !(signal.reason instanceof SynodError);
  }

  /** Ends every call under way with `cancelled`. */
  close(): void {
    this.#closed.abort();
    this.#client.close();
  }

  /** The server is somewhere else: ends every call under way with `unavailable`. */
  leave(): void {
    this.#closed.abort(new SynodError('unavailable', `the server at ${this.address} is somewhere else now`));
    this.#client.close();
  }

  /**
   * Rejects with `unavailable` when the server refuses the connection, or does not take it before the deadline. Until
   * the caller goes on it may be given up, or closed, once more.
   */
  async #connected(deadline: number, giveUp: GiveUp): Promise<void> {
    for (;;) {
      giveUp.check();
      const state = this.#client.getChannel().getConnectivityState(true);
      if (state === connectivityState.READY) return;
      if (state === connectivityState.TRANSIENT_FAILURE) {
        this.#unreachable();
        throw new SynodError('unavailable', `${this.address} cannot be reached`);
      }
      await this.#stateChange(state, deadline, giveUp);
    }
  }

  #stateChange(state: connectivityState, deadline: number, giveUp: GiveUp): Promise<void> {
    return new Promise((resolve, reject) => {
      const forget = giveUp.on(resolve);
      this.#client.getChannel().watchConnectivityState(state, deadline, (error) => {
        forget();
        if (!error) return resolve();
        this.#unreachable();
        reject(new SynodError('unavailable', `${this.address} did not take the connection in time`));
      });
    });
  }
}

import { invariant, type CallObserver } from '@synod/kernel';
import { writeTag } from '../codec/register-types.js';
import {
  protobufPackage,
  TokenServiceService,
  type Operation,
  type TokenServiceServer,
} from '../gen/synod/token/v1/token_service.js';
import type { GrpcService } from '../host/grpc-service.js';
import { unary } from '../host/handlers.js';
import type { Backlog } from '../session/backlog.js';
import type { OpenCall } from '../session/open-call.js';
import { Sessions } from '../session/sessions.js';
import { never, wholeServer, type Muting } from '../silence/topic.js';
import type { TokenOutcome } from './operation.js';
import type { TokenBackend } from './token-backend.js';
import { TokenDoor } from './token-door.js';
import { writeRead } from './token-wire.js';

export interface TokenServiceOptions {
  /** Operations in flight above which new ones are refused with `resource_exhausted`. Default 10,000. */
  readonly maxOperationsInFlight?: number;
  /** Sees each operation of a session as one call of `synod.token.v1.TokenService/Session`. */
  readonly calls?: CallObserver;
  /** What the server keeps to itself. Default: nothing. */
  readonly silence?: Muting;
  /** What all operations of the server hold. Default: one of this service's own. */
  readonly backlog?: Backlog;
}

/** `synod.token.v1.TokenService` in front of a server. */
export function tokenService(backend: TokenBackend, options: TokenServiceOptions = {}): GrpcService {
  const { maxOperationsInFlight = 10_000, calls, silence = never, backlog } = options;
  const door = new TokenDoor(backend, { limit: maxOperationsInFlight, silence, backlog });
  const sessions = new Sessions(door, calls);

  const implementation: TokenServiceServer = {
    create: unary(async (value, call) => changed(await answer({ $case: 'create', value }, 'created', call))),
    drop: unary(async (value, call) => changed(await answer({ $case: 'drop', value }, 'dropped', call))),
    write: unary(async (value, call) => {
      const { partial, tag } = await answer({ $case: 'write', value }, 'written', call);
      return { partial, tag: writeTag(tag) };
    }),
    read: unary(async (value, call) => writeRead(await answer({ $case: 'read', value }, 'read', call))),
    list: unary(
      async () => ({ ids: [...backend.list()] }),
      () => silence.mutes(wholeServer),
    ),
    session: (call) => sessions.add(call),
  };

  async function answer<T extends TokenOutcome['type']>(
    operation: Operation['operation'],
    type: T,
    call: OpenCall,
  ): Promise<Extract<TokenOutcome, { readonly type: T }>> {
    const outcome = await door.answer({ operation }, call);
    invariant(outcome.type === type, `a token answers what it was asked, not '${outcome.type}'`);
    return outcome as Extract<TokenOutcome, { readonly type: T }>;
  }

  return {
    name: `${protobufPackage}.TokenService`,
    definition: TokenServiceService,
    implementation,
    countsItself: ['Session'],
    close: () => sessions.close(),
  };
}

function changed({ tag }: Pick<TokenOutcome, 'tag'>): { tag: ReturnType<typeof writeTag> } {
  return { tag: writeTag(tag) };
}

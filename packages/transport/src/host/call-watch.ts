import {
  ServerInterceptingCall,
  type Metadata,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  type status,
} from '@grpc/grpc-js';
import type { SynodError } from '@synod/kernel';
import { toStatus } from '../errors/wire-errors.js';

/** Sees one call come and go. */
export interface CallWatch {
  /** The caller's metadata are here. Returns why the call is refused. */
  arrived?(metadata: Metadata): SynodError | undefined;
  /** A message is about to be sent. */
  sends?(): void;
  /** The call ends with this status; undefined: it is cancelled, as grpc-js says after every end. */
  ends?(code: status | undefined): void;
}

type Method = Parameters<ServerInterceptor>[0];

/** Looks at a call that begins; undefined: it needs to see no more of it. */
export type CallWatcher = (method: Method, call: ServerInterceptingCallInterface) => CallWatch | undefined;

/**
 * All that looks at a server's calls, in one interceptor: each of grpc-js's own is one more layer that every message of
 * every stream goes through.
 */
export function watchCalls(watchers: readonly CallWatcher[]): ServerInterceptor {
  return (method, call) => {
    const watches = watchers.map((watcher) => watcher(method, call)).filter((watch) => watch !== undefined);
    const ends = (code: status | undefined): void => {
      for (const watch of watches) watch.ends?.(code);
    };
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata(metadata, pass) {
            for (const watch of watches) {
              const problem = watch.arrived?.(metadata);
              if (!problem) continue;
              const refusal = toStatus(problem);
              ends(refusal.code);
              return call.sendStatus(refusal);
            }
            pass(metadata);
          },
          onCancel: () => ends(undefined),
        }),
      sendMessage(message, next) {
        for (const watch of watches) watch.sends?.();
        next(message);
      },
      sendStatus(sent, next) {
        ends(sent.code);
        next(sent);
      },
    });
  };
}

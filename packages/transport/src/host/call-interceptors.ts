import {
  ResponderBuilder,
  ServerInterceptingCall,
  ServerListenerBuilder,
  status,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import { SynodError, type CallObserver } from '@synod/kernel';
import { clusterKey } from '../connection/cluster-key.js';
import { toStatus } from '../errors/wire-errors.js';

/** Tells `calls` of every call that ends, except those of `uncounted` methods. */
export function countCalls(calls: CallObserver, uncounted: ReadonlySet<string>): ServerInterceptor {
  return (method, call) => {
    const name = method.path.slice(1);
    if (uncounted.has(name)) return new ServerInterceptingCall(call);
    const start = performance.now();
    let open = true;
    const ended = (ok: boolean): void => {
      if (open) calls.called(name, performance.now() - start, ok);
      open = false;
    };
    return new ServerInterceptingCall(
      call,
      new ResponderBuilder()
        .withStart((next) =>
          // To be cancelled is how a stream of pages without an end ends.
          next(new ServerListenerBuilder().withOnCancel(() => ended(method.responseStream)).build()),
        )
        .withSendStatus((sent, next) => {
          ended(sent.code === status.OK);
          next(sent);
        })
        .build(),
    );
  };
}

/** Refuses calls of clients that mean another cluster. Who names none is trusted. */
export function refuseOtherClusters(cluster: string): ServerInterceptor {
  return (_method, call) =>
    new ServerInterceptingCall(
      call,
      new ResponderBuilder()
        .withStart((next) =>
          next(
            new ServerListenerBuilder()
              .withOnReceiveMetadata((metadata, pass) => {
                const [meant] = metadata.get(clusterKey);
                if (meant === undefined || meant === cluster) return pass(metadata);
                const problem = `this server belongs to cluster '${cluster}', not to '${String(meant)}'`;
                call.sendStatus(toStatus(new SynodError('refused', problem)));
              })
              .build(),
          ),
        )
        .build(),
    );
}

import { status } from '@grpc/grpc-js';
import { SynodError, type CallObserver } from '@synod/kernel';
import { clusterKey } from '../connection/cluster-key.js';
import type { CallWatch, CallWatcher } from './call-watch.js';

/** Tells `calls` of every call that ends, except those of `uncounted` methods. */
export function countCalls(calls: CallObserver, uncounted: ReadonlySet<string>): CallWatcher {
  return ({ path, responseStream }) => {
    const name = path.slice(1);
    if (uncounted.has(name)) return undefined;
    const start = performance.now();
    let open = true;
    return {
      ends(code) {
        // To be cancelled is how a stream of pages without an end ends.
        const ok = code === undefined ? responseStream : code === status.OK;
        if (open) calls.called(name, performance.now() - start, ok);
        open = false;
      },
    };
  };
}

/** Refuses calls of clients that mean another cluster. Who names none is trusted. */
export function refuseOtherClusters(cluster: string): CallWatcher {
  const watch: CallWatch = {
    arrived(metadata) {
      const [meant] = metadata.get(clusterKey);
      if (meant === undefined || meant === cluster) return undefined;
      return new SynodError('refused', `this server belongs to cluster '${cluster}', not to '${String(meant)}'`);
    },
  };
  return () => watch;
}

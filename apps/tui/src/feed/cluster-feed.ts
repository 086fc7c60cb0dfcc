import type { SynodClient } from '@synod/client';
import type { Feed } from '../feed.js';
import { Following } from './following.js';
import type { ShortId } from './short-ids.js';

export interface ClusterFeedOptions {
  /** How the id of a transfer is called on the screen. Default: as it is. */
  readonly shortId?: ShortId;
}

/**
 * News of the servers that the client was told of, and of all others that these name, by the public calls of the client
 * alone. How soon a server that stands still is noticed is up to the client's `lifeSignMs`, and a second. The client is
 * not closed.
 */
export function clusterFeed(client: SynodClient, { shortId = (id) => id }: ClusterFeedOptions = {}): Feed {
  let following: Following | undefined;
  return {
    start(deliver) {
      const begun = new Following(client, shortId, deliver);
      following = begun;
      return () => begun.close();
    },
    want(want) {
      following?.want(want);
    },
  };
}

import type { Feed } from '../feed.js';
import type { Input, News } from '../model/input.js';

type ClusterNews = Extract<News, { readonly type: 'cluster' }>;

/** All feeds as one. Each may tell of servers of its own: what is delivered names those of all. */
export function mergeFeeds(...feeds: readonly Feed[]): Feed {
  return {
    start(deliver) {
      const told = new Map<Feed, ClusterNews>();
      const withAll = (feed: Feed, input: Input): Input => {
        if (input.news.type !== 'cluster') return input;
        told.set(feed, input.news);
        return { ...input, news: union([...told.values()]) };
      };
      const stops = feeds.map((feed) => feed.start((inputs) => deliver(inputs.map((input) => withAll(feed, input)))));
      return () => {
        for (const stop of stops) stop();
      };
    },
    want(want) {
      for (const feed of feeds) feed.want(want);
    },
  };
}

function union(told: readonly ClusterNews[]): ClusterNews {
  const names = new Set(told.map(({ cluster }) => cluster).filter((name) => name !== ''));
  const servers = new Map(told.flatMap((one) => one.servers.map((server) => [server.id, server])));
  return { type: 'cluster', cluster: [...names].join(', '), servers: [...servers.values()] };
}

import { expect, test } from '@jest/globals';
import type { Feed, Want } from '../feed.js';
import type { Input, News } from '../model/input.js';
import { Watched } from '../testing/watched.js';
import { mergeFeeds } from './merge-feeds.js';

class HandFeed implements Feed {
  readonly wants: (Want | undefined)[] = [];
  isOpen = false;
  #deliver: (inputs: readonly Input[]) => void = () => undefined;

  start(deliver: (inputs: readonly Input[]) => void): () => void {
    this.#deliver = deliver;
    this.isOpen = true;
    return () => (this.isOpen = false);
  }

  want(want: Want | undefined): void {
    this.wants.push(want);
  }

  tell(...news: readonly News[]): void {
    this.#deliver(news.map((one) => ({ timeMs: 1, news: one })));
  }
}

const cluster = (name: string, ...ids: string[]): News => {
  return { type: 'cluster', cluster: name, servers: ids.map((id) => ({ id, address: `${id}:1` })) };
};
const reach = (server: string, how: 'down' | 'unreachable' | 'silent', reason: string): News => {
  return { type: 'reach', server, reach: how, reason };
};

test('all start, all hear what is wanted, all end', () => {
  const feeds = [new HandFeed(), new HandFeed()];
  const merged = mergeFeeds(...feeds);
  const stop = merged.start(() => undefined);
  merged.want({ type: 'logs' });
  expect(feeds.map(({ isOpen, wants }) => [isOpen, wants])).toEqual(Array(2).fill([true, [{ type: 'logs' }]]));
  stop();
  expect(feeds.map(({ isOpen }) => isOpen)).toEqual([false, false]);
});

test('the servers are those of all feeds, each as its feed last told', () => {
  const [one, two] = [new HandFeed(), new HandFeed()];
  const feed = new Watched(mergeFeeds(one, two));
  one.tell(cluster('bank', 'S1', 'S2'));
  two.tell(cluster('', '127.0.0.1:8000'));
  expect(feed.states).toBe('127.0.0.1:8000 starting, S1 starting, S2 starting');
  two.tell(cluster('tokens', 'T1'));
  expect(feed.states).toBe('S1 starting, S2 starting, T1 starting');
  expect(feed.model.cluster).toBe('bank, tokens');
});

test('why a server is down stays known when another feed finds that it takes no connection, whoever is first', () => {
  const [local, clusterWide] = [new HandFeed(), new HandFeed()];
  const feed = new Watched(mergeFeeds(clusterWide, local));
  clusterWide.tell(cluster('bank', 'S1', 'S2'));
  local.tell(reach('S1', 'down', 'killed (SIGKILL)'));
  clusterWide.tell(reach('S1', 'unreachable', 'it takes no connection'));
  clusterWide.tell(reach('S2', 'unreachable', 'it takes no connection'));
  local.tell(reach('S2', 'down', 'killed (SIGKILL)'));
  expect(feed.model.servers.map(({ reason }) => reason)).toEqual(['killed (SIGKILL)', 'killed (SIGKILL)']);
  expect(feed.states).toBe('S1 down, S2 down');
  clusterWide.tell(reach('S1', 'silent', 'nothing comes back'));
  expect(feed.states).toBe('S1 silent, S2 down');
});

import { afterEach, expect, test } from '@jest/globals';
import { standingOf, Station } from '@synod/kernel/testing';
import { PeerNetwork } from './testing/peer-network.js';
import type { PeerLinksOptions } from './peer-links.js';
import { helloTo, linkVersion, whyNot, type LinkIdentity } from './handshake.js';

const s1: LinkIdentity = { self: 'S1', cluster: 'bank', fingerprint: 'abc' };
const s2: LinkIdentity = { self: 'S2', cluster: 'bank', fingerprint: 'abc' };
const hello = helloTo('S1', s2, standingOf('S2'));

test('nodes of one cluster and configuration accept one another', () => {
  expect(whyNot(hello, s1)).toBeUndefined();
});

test('another version of the link protocol is refused', () => {
  const later = { ...hello, version: linkVersion + 1 };
  expect(whyNot(later, s1)).toBe(`S1 speaks version ${linkVersion} of the link protocol, not ${linkVersion + 1}`);
});

let network: PeerNetwork | undefined;
afterEach(() => network?.close());

/** Starts S1 and S2, where S1 differs; returns what S1 hears from S2. */
async function refusal(difference: (addressOfS2: string) => Partial<PeerLinksOptions<string>>): Promise<string> {
  network = await PeerNetwork.of(['S1', 'S2'], (node) => (node === 'S1' ? difference(network!.address('S2')) : {}));
  for (const node of ['S1', 'S2']) new Station(node, await network.transport(node));
  const { message } = await network.reported('S1', 'link-refused');
  expect(network.links('S1').connected).toEqual([]);
  expect(network.links('S2').connected).toEqual([]);
  return message;
}

test('a node of another cluster is refused', async () => {
  expect(await refusal(() => ({ cluster: 'other' }))).toBe(
    "S2 refuses this node: S2 belongs to cluster 'test', not to 'other'",
  );
});

test('a node with another configuration is refused', async () => {
  expect(await refusal(() => ({ fingerprint: 'other' }))).toBe(
    'S2 refuses this node: S2 runs with another configuration than S1',
  );
});

test('a node that nobody knows is refused', async () => {
  const heard = await refusal((addressOfS2) => ({ self: 'S9', peers: new Map([['S2', addressOfS2]]) }));
  expect(heard).toBe("S2 refuses this node: S2 knows no node 'S9'");
});

test('a node that reaches another one than it meant is refused', async () => {
  const heard = await refusal((addressOfS2) => ({ peers: new Map([['S3', addressOfS2]]) }));
  expect(heard).toBe("S3 refuses this node: this is S2, not 'S3'");
});

import { test } from '@jest/globals';
import { transportSuite } from '@synod/kernel/testing';
import { PeerNetwork } from './testing/peer-network.js';

transportSuite({ name: 'PeerLinks', test, network: (nodes) => PeerNetwork.of(nodes) });

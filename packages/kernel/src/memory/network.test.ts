import { test } from '@jest/globals';
import { transportSuite } from '../testing/index.js';
import { MemoryNetwork } from './network.js';

transportSuite({ name: 'MemoryNetwork', test, network: () => new MemoryNetwork<string>() });

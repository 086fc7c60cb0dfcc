import { test } from '@jest/globals';
import { storageSuite } from '../testing/index.js';
import { MemoryStorage } from './storage.js';

storageSuite({
  name: 'MemoryStorage',
  test,
  place: () => ({ open: async () => new MemoryStorage() }),
  survives: 'nothing',
});

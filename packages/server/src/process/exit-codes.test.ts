import { expect, test } from '@jest/globals';
import { InvariantError, SynodError } from '@synod/kernel';
import { DataDirectoryError } from '../data-directory.js';
import { exitCodeOf } from './exit-codes.js';

test.each([
  [2, new SynodError('config', '')],
  [3, new DataDirectoryError('config', '')],
  [3, new SynodError('corrupt', '')],
  [3, new SynodError('storage_failed', '')],
  [4, new SynodError('disk_lost', '')],
  [4, new SynodError('disk_cut', '')],
  [1, new SynodError('internal', '')],
  [1, new InvariantError('')],
  [1, 'thrown text'],
])('exit code %i for %j', (code, error) => {
  expect(exitCodeOf(error)).toBe(code);
});

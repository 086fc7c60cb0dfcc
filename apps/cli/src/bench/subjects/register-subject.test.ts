import { describe, expect, test } from '@jest/globals';
import type { RegisterValue } from '@synod/client';
import type { Tag } from '@synod/register';
import { RegisterSubject, type RegisterAccess } from './register-subject.js';

/** One register in memory, whose answers can be made wrong. */
class Memory implements RegisterAccess {
  held: RegisterValue = { value: undefined, tag: undefined };
  #counter = 0;

  async read(): Promise<RegisterValue> {
    return this.held;
  }

  async write(_place: number, value: Uint8Array): Promise<{ tag: Tag }> {
    const tag: Tag = [++this.#counter, 'S1'];
    this.held = { value, tag };
    return { tag };
  }

  close(): void {}
}

function subjectOn(memory: Memory, readShare: number): RegisterSubject {
  return new RegisterSubject(memory, { keys: ['r'], readShare, valueBytes: 16, seed: 1, name: 'client' });
}

function done(subject: RegisterSubject): Promise<string> {
  return new Promise((resolve) => subject.begin(resolve));
}

describe('what a register acknowledged is compared with what it says later', () => {
  test('nothing is found where nothing is wrong', async () => {
    const subject = subjectOn(new Memory(), 0.5);
    for (let i = 0; i < 100; i++) await done(subject);
    expect(await subject.verify()).toEqual({ checked: 1, lost: [], facts: {} });
  });

  test('a write that is gone', async () => {
    const memory = new Memory();
    const subject = subjectOn(memory, 0);
    await done(subject);
    memory.held = { value: undefined, tag: undefined };
    expect((await subject.verify()).lost).toEqual(['r: read as never written after 1@S1 was known']);
  });

  test('another value under the tag that was acknowledged', async () => {
    const memory = new Memory();
    const subject = subjectOn(memory, 0);
    await done(subject);
    memory.held = { value: Buffer.from('another'), tag: memory.held.tag };
    expect((await subject.verify()).lost).toEqual(['r: two values under 1@S1']);
  });

  test('a read that goes back behind an earlier one', async () => {
    const memory = new Memory();
    const subject = subjectOn(memory, 1);
    memory.held = { value: Buffer.from('new'), tag: [2, 'S1'] };
    expect(await done(subject)).toBe('read');
    memory.held = { value: Buffer.from('old'), tag: [1, 'S1'] };
    await done(subject);
    expect((await subject.verify()).lost[0]).toBe('r: read as 1@S1 after 2@S1 was known');
  });
});

import { openEmbedded, type EmbeddedTask } from '../subjects/embedded-subject.js';
import { LedgerSubject, type LedgerTask } from '../subjects/ledger-subject.js';
import { LinksSubject, type LinksTask } from '../subjects/links-subject.js';
import { LogSubject, type LogTask } from '../subjects/log-subject.js';
import { openRegisters, type RegisterTask } from '../subjects/register-subject.js';
import { StorageSubject, type StorageTask } from '../subjects/storage-subject.js';
import type { LoadOptions, LoadResult } from '../load.js';
import type { Subject, Verification } from '../subject.js';

/** What a process of a benchmark is for. */
export type BenchTask = RegisterTask | EmbeddedTask | LedgerTask | LogTask | LinksTask | StorageTask;

/** What such a process is told, one after the other. */
export type BenchOrder =
  | { readonly do: 'open'; readonly task: BenchTask }
  | { readonly do: 'load'; readonly load: LoadOptions }
  | { readonly do: 'measure' }
  | { readonly do: 'stop' }
  | { readonly do: 'verify'; readonly facts: Verification['facts'] | undefined }
  | { readonly do: 'close' };

/** What it answers each order with. */
export type BenchAnswer =
  | { readonly type: 'done' }
  | { readonly type: 'result'; readonly result: LoadResult }
  | { readonly type: 'verified'; readonly verification: Verification }
  | { readonly type: 'failed'; readonly message: string };

export async function openSubject(task: BenchTask): Promise<Subject> {
  switch (task.kind) {
    case 'register':
      return openRegisters(task);
    case 'embedded':
      return openEmbedded(task);
    case 'ledger':
      return new LedgerSubject(task);
    case 'log':
      return LogSubject.open(task);
    case 'links':
      return LinksSubject.open(task);
    case 'storage':
      return StorageSubject.open(task);
  }
}

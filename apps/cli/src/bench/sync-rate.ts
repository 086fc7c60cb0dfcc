import { fdatasync, write } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** As much as a small group of writes. */
const bytes = 4096;

/** How often a second this disk appends 4 KiB to a file and makes it durable, one after the other: what no store can beat. */
export async function syncRate(directory: string, seconds: number): Promise<number> {
  const path = join(directory, 'sync-rate');
  const file = await open(path, 'w');
  try {
    const content = Buffer.alloc(bytes, 1);
    const began = performance.now();
    let syncs = 0;
    while (performance.now() - began < seconds * 1000) {
      await appendDurably(file.fd, content);
      syncs++;
    }
    return (syncs * 1000) / (performance.now() - began);
  } finally {
    await file.close();
    await rm(path);
  }
}

function appendDurably(fd: number, content: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    write(fd, content, (error) => {
      if (error) return reject(error);
      fdatasync(fd, (problem) => (problem ? reject(problem) : resolve()));
    });
  });
}

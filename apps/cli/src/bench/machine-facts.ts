import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, release, totalmem } from 'node:os';

/** What a figure means nothing without. */
export interface MachineFacts {
  readonly synod: string;
  readonly node: string;
  readonly platform: string;
  readonly kernel: string;
  readonly cores: number;
  readonly processor: string;
  readonly memoryBytes: number;
}

/** `statfs(2)`. */
const tmpfsMagic = 0x0102_1994;

export function machineFacts(): MachineFacts {
  const manifest = createRequire(import.meta.url).resolve('@synod/cli/package.json');
  return {
    synod: (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    kernel: release(),
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
  };
}

/** Whether what is synced there is in memory all the same. */
export async function isInMemory(directory: string): Promise<boolean> {
  return process.platform === 'linux' && (await statfs(directory)).type === tmpfsMagic;
}

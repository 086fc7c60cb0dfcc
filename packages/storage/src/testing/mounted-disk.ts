import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function run(command: string, ...args: string[]): void {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr.trim()}`);
}

/** A file system of its own, which `remove` takes away. Needs the right to mount. */
export class MountedDisk {
  readonly #root: string;
  readonly #mount: readonly string[];

  /** In memory, and full at so many KiB. */
  static small(kiB: number): MountedDisk {
    return new MountedDisk(mkdtempSync(join(tmpdir(), 'synod-disk-')), ['-t', 'tmpfs', '-o', `size=${kiB}k`, 'synod']);
  }

  /** ext4 on a loop device: one that can fail under whoever writes to it. */
  static ext4(): MountedDisk {
    const root = mkdtempSync(join(tmpdir(), 'synod-disk-'));
    const image = join(root, 'image');
    writeFileSync(image, '');
    truncateSync(image, 16 << 20);
    run('mkfs.ext4', '-q', '-F', image);
    return new MountedDisk(root, ['-o', 'loop', image]);
  }

  /** What of these disks this machine does not let us have, and why; undefined if all is well. */
  static refusal(make: () => MountedDisk): string | undefined {
    try {
      make().remove();
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  private constructor(root: string, mount: readonly string[]) {
    this.#root = root;
    this.#mount = mount;
    mkdirSync(this.path);
    try {
      this.mount();
    } catch (error) {
      rmSync(root, { recursive: true });
      throw error;
    }
  }

  get path(): string {
    return join(this.#root, 'disk');
  }

  /** Takes all the room that is left but for so many KiB. */
  fillUpTo(kiB: number): void {
    const ballast = join(this.path, 'ballast');
    for (let size = 1 << 20; size >= 1024; size /= 2) {
      for (;;) {
        try {
          writeFileSync(ballast, Buffer.alloc(size, 1), { flag: 'a' });
        } catch {
          break;
        }
      }
    }
    truncateSync(ballast, Math.max(0, statSync(ballast).size - kiB * 1024));
  }

  freeUp(): void {
    rmSync(join(this.path, 'ballast'));
  }

  mount(): void {
    run('mount', ...this.#mount, this.path);
  }

  unmount(): void {
    run('umount', this.path);
  }

  /** `ro` and `rw` where no file is open for writing; `abort` as the kernel does it to a disk with errors. */
  remount(how: 'ro' | 'rw' | 'abort'): void {
    run('mount', '-o', `remount,${how}`, this.path);
  }

  remove(): void {
    this.unmount();
    rmSync(this.#root, { recursive: true });
  }
}

import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { SynodError } from '@synod/kernel';
import type { BenchAnswer, BenchOrder, BenchTask } from './task.js';

/** The compiled worker, also when the sources run by themselves. */
const workerFile = createRequire(import.meta.url).resolve('@synod/cli/bench-worker');

/** A process that a benchmark started, seen from there. Orders are given one after the other. */
export class WorkerProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #isOver = false;
  #answered: ((answer: BenchAnswer) => void) | undefined;

  /** Rejects with `SynodError` if the task can not be begun. */
  static async start(name: string, task: BenchTask): Promise<WorkerProcess> {
    const worker = new WorkerProcess(name);
    try {
      await worker.order({ do: 'open', task });
      return worker;
    } catch (error) {
      await worker.end();
      throw error;
    }
  }

  private constructor(name: string) {
    this.name = name;
    this.#child = fork(workerFile, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child.on('message', (answer: BenchAnswer) => this.#answer(answer));
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        this.#isOver = true;
        this.#answer({ type: 'failed', message: `its process ended: ${signal ?? `exit code ${code}`}` });
        resolve();
      });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Rejects with `SynodError` `unavailable` if it can not be done. */
  order<T extends Exclude<BenchAnswer['type'], 'failed'>>(
    order: BenchOrder,
    type: T = 'done' as T,
  ): Promise<Extract<BenchAnswer, { readonly type: T }>> {
    return new Promise((resolve, reject) => {
      this.#answered = (answer) => {
        if (answer.type === type) return resolve(answer as Extract<BenchAnswer, { readonly type: T }>);
        const what = answer.type === 'failed' ? answer.message : `it answered '${answer.type}'`;
        reject(new SynodError('unavailable', `${this.name}: ${what}`, { definite: false }));
      };
      if (this.#isOver) this.#answer({ type: 'failed', message: 'its process has ended' });
      else this.#child.send(order);
    });
  }

  /** Closes what it holds, and ends its process. */
  async close(): Promise<void> {
    await this.order({ do: 'close' }).catch(() => {}); // it ends all the same
    await this.end();
  }

  async end(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.#exited;
  }

  #answer(answer: BenchAnswer): void {
    const answered = this.#answered;
    this.#answered = undefined;
    answered?.(answer);
  }
}

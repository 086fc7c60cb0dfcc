import { Load } from '../load.js';
import type { Subject } from '../subject.js';
import { openSubject, type BenchAnswer, type BenchOrder } from './task.js';

/** Does what it is told, one order after the other. */
class BenchWorker {
  #subject: Subject | undefined;
  #load: Load | undefined;

  async take(order: BenchOrder): Promise<BenchAnswer> {
    switch (order.do) {
      case 'open':
        this.#subject = await openSubject(order.task);
        return done;
      case 'load':
        this.#load = new Load(this.#subject!, order.load);
        this.#load.start();
        return done;
      case 'measure':
        this.#load!.measure();
        return done;
      case 'stop':
        return { type: 'result', result: await this.#load!.stop() };
      case 'verify':
        return { type: 'verified', verification: await this.#subject!.verify(order.facts) };
      case 'close':
        await this.#subject?.close();
        return done;
    }
  }
}

const done = { type: 'done' } as const;
const worker = new BenchWorker();

process.on('message', (order: BenchOrder) => {
  worker.take(order).then(
    (answer) => process.send!(answer),
    (error: Error) => process.send!({ type: 'failed', message: error.message } satisfies BenchAnswer),
  );
});
// It never outlives the process that measures; a signal from the terminal is for that one to take.
process.on('disconnect', () => process.exit());
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { SynodError } from '@synod/kernel';
import type { Operation } from '@synod/linearizability';
import type { RegisterConnection, RegisterValue } from '@synod/transport/client';

/** A server that refuses at once would fill the history with refusals. */
const afterFailureMs = 20;

/** How many of a client's answers count as going on. */
const severalAnswers = 10;

/** Clients that read and write registers, each one operation at a time, and the history of what they were answered. */
export class RecordedTraffic {
  readonly history: Operation[] = [];
  readonly #clients: RecordedClient[] = [];
  #processes = 0;

  /** One more client: it reads all these keys in turns and writes those of them that it may, until it leaves. */
  add(registers: RegisterConnection, keys: { readonly reads: readonly string[]; readonly writes: readonly string[] }) {
    const steps = [
      ...keys.writes.map((key) => ({ f: 'write', key }) as const),
      ...keys.reads.map((key) => ({ f: 'read', key }) as const),
    ];
    const client = new RecordedClient(registers, steps, this.history, () => this.#processes++);
    this.#clients.push(client);
    return client;
  }

  /** Every client that is still there leaves. */
  async stop(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.leave()));
  }
}

type Step = Pick<Operation, 'f' | 'key'>;

class RecordedClient {
  readonly #registers: RegisterConnection;
  readonly #history: Operation[];
  readonly #newProcess: () => number;
  readonly #answers = new EventEmitter();
  readonly #work: Promise<void>;
  #process: number;
  #answered = 0;
  #leaves = false;

  constructor(registers: RegisterConnection, steps: readonly Step[], history: Operation[], newProcess: () => number) {
    this.#registers = registers;
    this.#history = history;
    this.#newProcess = newProcess;
    this.#process = newProcess();
    this.#work = this.#run(steps);
  }

  /** Resolves when several more of its operations, begun by now or later, have succeeded. */
  async goesOn(): Promise<void> {
    const enough = this.#answered + severalAnswers;
    while (this.#answered < enough) await once(this.#answers, 'answer');
  }

  /** It begins nothing more. */
  leave(): Promise<void> {
    this.#leaves = true;
    return this.#work;
  }

  async #run(steps: readonly Step[]): Promise<void> {
    for (let n = 0; !this.#leaves; n++) {
      const { f, key } = steps[n % steps.length]!;
      const { outcome } = await this.#ask(f, key, `${this.#process}-${n}`);
      if (outcome === 'info') this.#process = this.#newProcess();
      if (outcome !== 'ok') await sleep(afterFailureMs);
      else this.#answers.emit('answer', this.#answered++);
    }
  }

  /** `unique`: what is written, if it writes. */
  async #ask(f: Step['f'], key: string, unique: string): Promise<Operation> {
    const asked = { process: this.#process, f, key, start: process.hrtime.bigint() };
    const written = f === 'write' ? unique : null;
    let ending: Pick<Operation, 'outcome' | 'value' | 'tag'>;
    try {
      const { value, tag } = f === 'write' ? await this.#write(key, unique) : await this.#registers.read(key);
      ending = { outcome: 'ok', value: value?.toString() ?? null, tag: tag && [tag[0], tag[1]] };
    } catch (error) {
      if (!(error instanceof SynodError)) throw error;
      ending = { outcome: f === 'read' || error.definite ? 'fail' : 'info', value: written };
    }
    const end = ending.outcome === 'info' ? undefined : process.hrtime.bigint();
    const operation = { ...asked, ...ending, end };
    this.#history.push(operation);
    return operation;
  }

  async #write(key: string, text: string): Promise<RegisterValue> {
    const value = Buffer.from(text);
    return { value, tag: await this.#registers.write(key, value) };
  }
}

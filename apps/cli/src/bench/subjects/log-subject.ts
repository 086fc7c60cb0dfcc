import type { NodeId } from '@synod/kernel';
import { transferCodec, type Transfer } from '@synod/ledger';
import { replicatedLog, type LogProtocol } from '@synod/paxos';
import { Door, startServer, systemRandom, type RunningServer } from '@synod/server';
import type { ServerAddress } from '@synod/transport/client';
import { paxosMessageCodec } from '@synod/transport/server';
import { Findings } from '../findings.js';
import type { Ended, Subject, Verification } from '../subject.js';

export interface LogTask {
  readonly kind: 'log';
  readonly self: NodeId;
  readonly servers: readonly ServerAddress[];
  readonly directory: string;
  readonly valueBytes: number;
}

type Log = LogProtocol<Transfer>;

/** How long the other servers may take to fetch what was committed. */
const patienceMs = 10_000;

/**
 * One server of a replicated log, with the links and the disk of any other server. Its entries are transfers, for which
 * there is a form on the wire already; their ids have the size that was asked for.
 */
export class LogSubject implements Subject {
  readonly #self: NodeId;
  readonly #valueBytes: number;
  readonly #server: RunningServer;
  readonly #door: Door<Log>;
  readonly #findings = new Findings();
  #next = 0;
  #acked = 0;
  #highest = 0;

  static async open({ self, servers, directory, valueBytes }: LogTask): Promise<LogSubject> {
    let door: Door<Log> | undefined;
    const members = servers.map(({ id }) => id);
    const cluster = { id: 'bench', servers: servers.map(({ id, address }) => ({ id, address, admin: undefined })) };
    const server = await startServer<Log>({ cluster, id: self, dataDirectory: directory }, (instruments) => {
      door = new Door<Log>(instruments);
      const definition = replicatedLog<Transfer>({
        self,
        members,
        genesis: '0'.repeat(64),
        codec: transferCodec,
        random: systemRandom,
      });
      return {
        fingerprint: 'bench',
        store: { format: 'bench-log-1', configuration: members.join(), difference: () => undefined, whenDamaged: '' },
        definition,
        codec: paxosMessageCodec,
        subjectOf: ({ height }) => `height ${height}`,
        failpointTypes: [],
        door,
        services: [],
        ready: async () => true,
        recovered: async () => ({ text: 'a log', fields: {} }),
      };
    });
    return new LogSubject(self, valueBytes, server, door!);
  }

  private constructor(self: NodeId, valueBytes: number, server: RunningServer, door: Door<Log>) {
    this.#self = self;
    this.#valueBytes = valueBytes;
    this.#server = server;
    this.#door = door;
  }

  begin(ended: Ended): void {
    const id = String(this.#next++).padStart(this.#valueBytes, '0');
    this.#door.invoke({ type: 'append', value: { id, from: 'a', to: 'b', amount: 1n } }, (result) => {
      if (result.type === 'error') return ended('entry', result.error);
      if (result.type === 'appended') {
        this.#acked++;
        this.#highest = Math.max(this.#highest, result.sequence);
      }
      ended('entry');
    });
  }

  /** The chain of the server under load must hold what was acknowledged; those of the others must be the same. */
  async verify(facts?: Verification['facts']): Promise<Verification> {
    if (!facts) return this.#verifyOwn();
    const { height, hash } = facts;
    const end = performance.now() + patienceMs;
    for (;;) {
      const chain = await this.#read(Number(height));
      const block = chain.blocks[0];
      if (block && block.hash !== hash) this.#findings.lose(`${this.#self}: another block at height ${height}`);
      if (!block && performance.now() > end) this.#findings.lose(`${this.#self}: no block ${height}`);
      if (block || performance.now() > end) return this.#findings.result();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  close(): Promise<void> {
    return this.#server.stop();
  }

  async #verifyOwn(): Promise<Verification> {
    let entries = 0;
    let from = 1;
    let hash = '';
    for (;;) {
      const { height, blocks } = await this.#read(from);
      for (const block of blocks) {
        for (const { owner, sequence } of block.entries) {
          if (owner === this.#self && sequence !== ++entries) this.#findings.lose(`entry ${entries} is missing`);
        }
        hash = block.hash;
      }
      from += blocks.length;
      if (blocks.length === 0 || from > height) break;
    }
    if (entries < this.#acked || entries < this.#highest) {
      this.#findings.lose(
        `${this.#acked} entries up to ${this.#highest} were acknowledged, the chain holds ${entries}`,
      );
    }
    this.#findings.checked = entries;
    return this.#findings.result({ height: from - 1, hash });
  }

  #read(from: number) {
    return this.#door.ask({ type: 'read', from }, 'blocks');
  }
}

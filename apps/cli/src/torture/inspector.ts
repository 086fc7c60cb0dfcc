import { SynodError, type LedgerClient } from '@synod/client';
import type { NodeId, Random } from '@synod/kernel';
import { seededRandom } from '@synod/simulator';
import { drawOne } from '../nemesis/draw-fault.js';
import { pause } from '../record/pause.js';

export interface InspectorOptions {
  readonly ledger: LedgerClient;
  readonly servers: readonly NodeId[];
  /** Of all initial balances. */
  readonly total: bigint;
  readonly seed: number;
}

/** Between two looks, ms. */
const betweenMs = 200;
const timeoutMs = 2000;

/** Somebody who looks at any server's balances and log while clients transfer, and finds what can never be seen there. */
export class Inspector {
  readonly problems: string[] = [];
  looks = 0;
  readonly #options: InspectorOptions;
  readonly #random: Random;

  constructor(options: InspectorOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed, 'inspector');
  }

  /** Resolves after the signal. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const server = drawOne(this.#random, this.#options.servers);
      await this.#look(server).catch((error: unknown) => {
        if (!(error instanceof SynodError)) throw error; // it is down, or stands still
      });
      await pause(betweenMs, signal);
    }
  }

  async #look(server: NodeId): Promise<void> {
    const { ledger, total } = this.#options;
    const { balances, height } = await ledger.balanceMap(server, { timeoutMs });
    const { entries } = await ledger.log(server, { timeoutMs });
    this.looks++;
    let sum = 0n;
    for (const { account, committed, spendable } of balances) {
      sum += committed;
      if (spendable >= 0n) continue;
      this.problems.push(`${server} showed ${account} with ${spendable} at height ${height}`);
    }
    if (sum !== total) this.problems.push(`${server} showed balances that add up to ${sum} at height ${height}`);
    for (const [i, { owner, sequence }] of entries.entries()) {
      const before = entries[i - 1];
      if (owner === server && (!before || sequence === before.sequence + 1)) continue;
      this.problems.push(`${server} showed entry ${sequence} of ${owner} in its log after ${before?.sequence}`);
    }
  }
}

import type { NodeId, PerformanceReport, ServerEvent, TracedMessage } from '@synod/kernel';
import type { BalanceMap, LedgerBlock, LocalLog, ServerReport } from '@synod/ledger';
import type { RegisterLayout, RegisterReport } from '@synod/client';
import type { NodeCell } from './node-cell.js';
import type { Reach } from './server-model.js';
import type { FateRow } from './sets.js';

/** What a feed delivers, and when: all that ever changes a model. */
export interface Input {
  /** Unix time, milliseconds. */
  readonly timeMs: number;
  readonly news: News;
}

export type News =
  /** Which servers there are. Those that are known already keep what is known of them. */
  | {
      readonly type: 'cluster';
      readonly cluster: string;
      readonly servers: readonly { readonly id: NodeId; readonly address: string }[];
    }
  | { readonly type: 'reach'; readonly server: NodeId; readonly reach: Reach; readonly reason: string }
  /** From `WatchStatus` of the ledger; the server answers. */
  | { readonly type: 'ledger-report'; readonly report: ServerReport }
  /** From `WatchStatus` of the registers; the node answers. */
  | { readonly type: 'register-report'; readonly report: RegisterReport }
  | { readonly type: 'performance'; readonly report: PerformanceReport }
  | { readonly type: 'balances'; readonly balances: BalanceMap }
  | { readonly type: 'log'; readonly log: LocalLog }
  | { readonly type: 'blocks'; readonly server: NodeId; readonly blocks: readonly LedgerBlock[] }
  | { readonly type: 'layout'; readonly layout: RegisterLayout }
  /** Everything that a node holds. */
  | { readonly type: 'cells'; readonly server: NodeId; readonly cells: readonly NodeCell[] }
  | { readonly type: 'event'; readonly event: ServerEvent; readonly missed: number }
  | { readonly type: 'messages'; readonly messages: readonly TracedMessage[]; readonly missed: number }
  /** The transaction file: how far it is played. */
  | { readonly type: 'plan'; readonly source: string; readonly sets: number; readonly begun: number }
  | { readonly type: 'set-began'; readonly set: string; readonly live: readonly NodeId[]; readonly total: number }
  | { readonly type: 'decided'; readonly row: FateRow }
  /** A transfer of an earlier set left its queue. */
  | { readonly type: 'late'; readonly row: FateRow }
  | { readonly type: 'set-ended' }
  | { readonly type: 'command-began'; readonly number: number; readonly line: string }
  | {
      readonly type: 'command-ended';
      readonly number: number;
      readonly failed: boolean;
      readonly lines: readonly string[];
    };

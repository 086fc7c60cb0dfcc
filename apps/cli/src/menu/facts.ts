import type { Tag, Token } from '@synod/client';
import type { NodeId, PerformanceReport } from '@synod/kernel';
import type { AccountId, HeightRange, LedgerBlock, LoggedTransfer, Transfer } from '@synod/ledger';
import type { SilenceReport } from '@synod/transport/client';
import type { ChangeAnswer, TokenAnswer } from '../answers/token-answers.js';
import type { ServerState } from '../cluster/ledger-view.js';
import type { FateRow } from '../play/fates.js';
import type { SetResult } from '../play/run-result.js';

/** What a command found out: data that every face (text, JSON, terminal UI) shows in its own way. */
export type Facts =
  | (Inspected & { readonly kind: 'balances'; readonly rows: readonly BalanceRow[] })
  | (Inspected & { readonly kind: 'logs'; readonly servers: readonly LogFacts[] })
  | (Inspected & { readonly kind: 'blocks'; readonly servers: readonly BlockFacts[] })
  | (Inspected & { readonly kind: 'performance'; readonly servers: readonly PerformanceFacts[] })
  | (Inspected & {
      readonly kind: 'balance-maps';
      readonly accounts: readonly AccountId[];
      readonly servers: readonly MapFacts[];
    })
  | (Inspected & {
      readonly kind: 'account-map';
      readonly account: AccountId;
      readonly views: readonly ViewRow[];
      /** Undefined while some server does not answer: its log may hold transfers of the account. */
      readonly aggregate: bigint | undefined;
    })
  | SetFacts
  | (Inspected & { readonly kind: 'tokens'; readonly tokens: readonly TokenFacts[] })
  | (TokenAnswer & { readonly kind: 'token' })
  | (ChangeAnswer & { readonly kind: 'token-created' | 'token-dropped' })
  | { readonly kind: 'said'; readonly text: string };

/** What servers were asked for. */
export interface Inspected {
  /** Servers that run but do not answer, and why nothing is told of them. */
  readonly silent: readonly SilentServer[];
}

export interface SilentServer {
  readonly server: NodeId;
  readonly reason: string;
}

export interface SetFacts {
  readonly kind: 'set';
  /** Servers that should have been live, but did not run when it began. */
  readonly crashed: readonly NodeId[];
  readonly result: SetResult;
  readonly transfers: readonly FateRow[];
  /** Lines of the menu that the file asks for when the set is done. */
  readonly commands: readonly string[];
}

export interface BalanceRow {
  readonly account: AccountId;
  readonly home: NodeId;
  readonly spendable: bigint;
  readonly pending: number;
  readonly state: ServerState;
}

export interface LogFacts {
  readonly server: NodeId;
  readonly state: ServerState;
  readonly entries: readonly LoggedTransfer[];
  readonly pending: readonly Transfer[];
}

export interface BlockFacts {
  readonly server: NodeId;
  readonly state: ServerState;
  readonly blocks: readonly LedgerBlock[];
  /** Skipped with a snapshot, and not filled in yet. */
  readonly missing: HeightRange | undefined;
}

/** `report` is undefined for a server that does not run: figures are not kept on disk. */
export interface PerformanceFacts {
  readonly server: NodeId;
  readonly state: ServerState;
  /** What its report counts as requests. */
  readonly requests: 'transfer' | 'operation';
  readonly report: PerformanceReport | undefined;
}

export interface MapFacts {
  readonly server: NodeId;
  readonly state: ServerState;
  readonly height: number;
  readonly balances: ReadonlyMap<AccountId, bigint>;
}

export interface ViewRow {
  readonly server: NodeId;
  readonly state: ServerState;
  readonly balance: bigint;
}

export interface TokenFacts {
  readonly id: string;
  readonly writer: NodeId;
  /** The nodes that hold it, in natural order: the writer and its readers. */
  readonly replicas: readonly ReplicaFacts[];
  /** Of the newest cell that any replica tells of; undefined if none does. */
  readonly newest: Tag | undefined;
}

/** One replica of a token. */
export interface ReplicaFacts {
  readonly server: NodeId;
  readonly state: ServerState;
  /** The silences that concern this token. */
  readonly silences: readonly SilenceReport[];
  /** Undefined: it does not tell. */
  readonly holds: HeldToken | undefined;
  /** It holds the newest cell that any replica tells of. */
  readonly isNewest: boolean;
}

/** What a replica holds of a token. */
export type HeldToken =
  | { readonly kind: 'nothing' }
  | ({ readonly tag: Tag } & (
      | { readonly kind: 'created' | 'dropped' }
      | ({ readonly kind: 'written' } & Pick<Token, 'name' | 'domain' | 'partial'>)
    ));

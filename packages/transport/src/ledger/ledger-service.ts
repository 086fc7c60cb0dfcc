import { SynodError, type CallObserver } from '@synod/kernel';
import {
  LedgerServiceService,
  protobufPackage,
  type BlocksRequest,
  type BlocksResponse,
  type LedgerServiceServer,
  type LogRequest,
  type LogResponse,
} from '../gen/synod/ledger/v1/ledger_service.js';
import type { GrpcService } from '../host/grpc-service.js';
import { paged, unary } from '../host/handlers.js';
import { ask } from './ask.js';
import { EventFeed } from './event-feed.js';
import type { LedgerBackend } from './ledger-backend.js';
import { writeBlocks, writeLog } from './page-wire.js';
import { writeBalanceMap, writePerformance, writeReport } from './report-wire.js';
import { SessionServer } from './serve-session.js';
import { StatusFeed } from './status-feed.js';
import { checkName } from './transfer-checks.js';
import { TransferDoor } from './transfer-door.js';
import { readGather, writeOutcome, writeResult, type TransferResult } from './transfer-wire.js';

export interface LedgerServiceOptions {
  /** Transfers in flight above which new ones are refused with `resource_exhausted`. Default 200,000. */
  readonly maxTransfersInFlight?: number;
  /** Sees each transfer of a session as one call of `synod.ledger.v1.LedgerService/Session`. */
  readonly calls?: CallObserver;
}

/** Items of a `TransferBatch`, at most. */
const maxBatch = 10_000;

/** `synod.ledger.v1.LedgerService` in front of a server. */
export function ledgerService(backend: LedgerBackend, options: LedgerServiceOptions = {}): GrpcService {
  const door = new TransferDoor(backend, options.maxTransfersInFlight ?? 200_000);
  const statuses = new StatusFeed(backend);
  const events = new EventFeed(backend);
  const sessions = new Set<SessionServer>();
  const enter = (request: Parameters<TransferDoor['enter']>[0]): Promise<TransferResult> =>
    new Promise((resolve) => door.enter(request, resolve));

  const implementation: LedgerServiceServer = {
    transfer: unary(async (request) => {
      const result = await enter(request);
      if (result instanceof SynodError) throw result;
      return { outcome: writeOutcome(result) };
    }),
    transferBatch: unary(async ({ transfers }) => {
      if (transfers.length > maxBatch) throw new SynodError('invalid_argument', `transfers are more than ${maxBatch}`);
      const results = await Promise.all(transfers.map(enter));
      return { results: results.map(writeResult) };
    }),
    session: (call) => {
      const session = new SessionServer(call, door, options.calls);
      sessions.add(session);
      call.on('cancelled', () => sessions.delete(session));
    },
    attemptQueue: unary(async ({ account, gatherFrom }) => {
      const gather = readGather(gatherFrom);
      const command = { type: 'attempt-queue', account: checkName(account, 'account'), gather } as const;
      const { executed, height } = await ask(backend, command, 'queue');
      return { executed: [...executed], height };
    }),
    balance: unary(async ({ account }) => {
      const command = { type: 'balance', account: checkName(account, 'account') } as const;
      const { balance } = await ask(backend, command, 'balance');
      return { balance };
    }),
    balanceMap: unary(async () => writeBalanceMap((await ask(backend, { type: 'balance-map' }, 'balance-map')).map)),
    log: paged((request) => log(backend, request)),
    blocks: paged((request) => blocks(backend, request)),
    status: unary(async () => ({ report: writeReport(await backend.report()) })),
    performance: unary(async (request) => ({ report: writePerformance(backend.performance(request)) })),
    watchStatus: (call) => statuses.add(call),
    watchEvents: (call) => events.add(call),
  };

  return {
    name: `${protobufPackage}.LedgerService`,
    definition: LedgerServiceService,
    implementation,
    countsItself: ['Session'],
    close() {
      statuses.close();
      events.close();
      for (const session of sessions) session.close();
    },
  };
}

async function* log(backend: LedgerBackend, { after }: LogRequest): AsyncGenerator<LogResponse> {
  const { log } = await ask(backend, { type: 'log', after }, 'log');
  yield* writeLog(log);
}

async function* blocks(backend: LedgerBackend, { from, limit }: BlocksRequest): AsyncGenerator<BlocksResponse> {
  let next = Math.max(from, 1);
  let end = limit === 0 ? Infinity : next + limit;
  while (next < end) {
    const command = { type: 'blocks', from: next, limit: Math.min(end - next, Number.MAX_SAFE_INTEGER) } as const;
    const { blocks, height } = await ask(backend, command, 'blocks');
    // The chain may grow while it is read: what was there at first is the end.
    end = Math.min(end, height + 1);
    yield* writeBlocks(blocks, height);
    next += blocks.length;
    if (blocks.length === 0) return;
  }
}

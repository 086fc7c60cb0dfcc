import { SynodError, type CallObserver } from '@synod/kernel';
import type { ServerReport } from '@synod/ledger';
import {
  LedgerServiceService,
  protobufPackage,
  type BlocksRequest,
  type BlocksResponse,
  type LedgerServiceServer,
  type LogRequest,
  type LogResponse,
  type TransferRequest,
  type TransferResult,
} from '../gen/synod/ledger/v1/ledger_service.js';
import type { GrpcService } from '../host/grpc-service.js';
import { paged, unary } from '../host/handlers.js';
import { ask } from '../node/ask.js';
import { StatusFeed } from '../node/status-feed.js';
import { Backlog } from '../session/backlog.js';
import { Sessions } from '../session/sessions.js';
import { never, wholeServer, type Muting } from '../silence/topic.js';
import type { LedgerBackend } from './ledger-backend.js';
import { writeBlocks, writeLog } from './page-wire.js';
import { writeBalanceMap, writeReport } from './report-wire.js';
import { checkName } from './transfer-checks.js';
import { TransferDoor } from './transfer-door.js';
import { readGather, writeOutcome } from './transfer-wire.js';

export interface LedgerServiceOptions {
  /** Transfers in flight above which new ones are refused with `resource_exhausted`. Default 200,000. */
  readonly maxTransfersInFlight?: number;
  /** Sees each transfer of a session as one call of `synod.ledger.v1.LedgerService/Session`. */
  readonly calls?: CallObserver;
  /** What the server keeps to itself. Default: nothing. */
  readonly silence?: Muting;
  /** What all operations of the server hold. Default: one of this service's own. */
  readonly backlog?: Backlog;
}

/** Of a log or of blocks. */
const pageBytes = 192 * 1024;

/** Items of a `TransferBatch`, at most. */
const maxBatch = 10_000;

/** `synod.ledger.v1.LedgerService` in front of a server. */
export function ledgerService(backend: LedgerBackend, options: LedgerServiceOptions = {}): GrpcService {
  const { maxTransfersInFlight = 200_000, calls, silence = never, backlog = new Backlog() } = options;
  const door = new TransferDoor(backend, { limit: maxTransfersInFlight, silence, backlog });
  const sessions = new Sessions(door, calls);
  const statuses = new StatusFeed(backend, (report: ServerReport) => ({ report: writeReport(report) }));
  const mutes = (): boolean => silence.mutes(wholeServer);
  const pages = { mutes, backlog, pageBytes };
  const batched = (request: TransferRequest): Promise<TransferResult> => {
    return new Promise((resolve) => door.enter(request, (result) => result && resolve(result)));
  };

  const implementation: LedgerServiceServer = {
    transfer: unary(async (request, call) => ({ outcome: writeOutcome(await door.answer(request, call)) })),
    transferBatch: unary(async ({ transfers }) => {
      if (transfers.length > maxBatch) throw new SynodError('invalid_argument', `transfers are more than ${maxBatch}`);
      return { results: await Promise.all(transfers.map(batched)) };
    }, mutes),
    session: (call) => sessions.add(call),
    attemptQueue: unary(async ({ account, gatherFrom }) => {
      const gather = readGather(gatherFrom);
      const command = { type: 'attempt-queue', account: checkName(account, 'account'), gather } as const;
      const { executed, height } = await ask(backend, command, 'queue');
      return { executed: [...executed], height };
    }, mutes),
    balance: unary(async ({ account }) => {
      const command = { type: 'balance', account: checkName(account, 'account') } as const;
      const { balance } = await ask(backend, command, 'balance');
      return { balance };
    }, mutes),
    balanceMap: unary(
      async () => writeBalanceMap((await ask(backend, { type: 'balance-map' }, 'balance-map')).map),
      mutes,
    ),
    log: paged((request) => log(backend, request), pages),
    blocks: paged((request) => blocks(backend, request), pages),
    status: unary(async () => ({ report: writeReport(await backend.report()) })),
    watchStatus: (call) => statuses.add(call),
  };

  return {
    name: `${protobufPackage}.LedgerService`,
    definition: LedgerServiceService,
    implementation,
    countsItself: ['Session'],
    close() {
      statuses.close();
      sessions.close();
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
    const last = blocks.at(-1);
    if (!last) return;
    yield* writeBlocks(blocks, height);
    next = last.height + 1; // some below may be missing
  }
}

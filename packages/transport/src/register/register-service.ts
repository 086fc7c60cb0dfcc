import { invariant, type CallObserver } from '@synod/kernel';
import type { RegisterResult } from '@synod/register';
import { inPages } from '../codec/pages.js';
import { registerSession } from '../codec/register-session-frames.js';
import { writeCell, writeKeyedCell } from '../codec/register-types.js';
import {
  protobufPackage,
  RegisterServiceService,
  type CellsResponse,
  type RegisterServiceServer,
} from '../gen/synod/register/v1/register_service.js';
import type { GrpcService } from '../host/grpc-service.js';
import { fail, paged, unary } from '../host/handlers.js';
import { ask } from '../node/ask.js';
import { StatusFeed } from '../node/status-feed.js';
import { Backlog } from '../session/backlog.js';
import type { SessionCall } from '../session/session-server.js';
import { Sessions } from '../session/sessions.js';
import { never, type Muting } from '../silence/topic.js';
import type { OperationAnswer, OperationOutcome, RegisterOperation } from './operation.js';
import { OperationDoor } from './operation-door.js';
import type { RegisterBackend } from './register-backend.js';
import { checkKey } from './register-checks.js';
import type { RegisterReport } from './register-report.js';
import { readOperation, writeRead, writeWritten } from './register-wire.js';
import { writeLayout, writeReport } from './report-wire.js';
import { ValueFeed } from './value-feed.js';

export interface RegisterServiceOptions {
  /** Operations in flight above which new ones are refused with `resource_exhausted`. Default 200,000. */
  readonly maxOperationsInFlight?: number;
  /** Sees each operation of a session as one call of `synod.register.v1.RegisterService/Session`. */
  readonly calls?: CallObserver;
  /** What the server keeps to itself. Default: nothing. */
  readonly silence?: Muting;
  /** What all operations of the server hold. Default: one of this service's own. */
  readonly backlog?: Backlog;
  /** How often a watched register is read though no hint came that it changed, milliseconds. Default 1,000. */
  readonly watchPollMs?: number;
}

/** The frames of sessions are not those of generated code. */
type Implementation = Pick<RegisterServiceServer, Exclude<keyof typeof RegisterServiceService, 'session'>> & {
  session(call: SessionCall<RegisterOperation, OperationAnswer>): void;
};

/** A page has one value at least, as it is held and once more as it travels. */
const pageBytes = 2 * 1024 * 1024;

/** Cells asked for at once. */
const pageCells = 1_000;

/** `synod.register.v1.RegisterService` in front of a server. */
export function registerService(backend: RegisterBackend, options: RegisterServiceOptions = {}): GrpcService {
  const { maxOperationsInFlight = 200_000, calls, silence = never, watchPollMs = 1_000 } = options;
  const { backlog = new Backlog() } = options;
  const door = new OperationDoor(backend, { limit: maxOperationsInFlight, silence, backlog });
  const sessions = new Sessions(door, calls);
  const values = new ValueFeed(backend, { silence, backlog, pollMs: watchPollMs });
  const statuses = new StatusFeed(backend, (report: RegisterReport) => ({ report: writeReport(report) }));

  const mutes = (keys: readonly string[]): boolean => !silence.isEmpty && silence.mutes({ keys, phase: undefined });

  const implementation: Implementation = {
    read: unary(async (value, call) =>
      writeRead(expectOf(await door.answer(readOperation({ $case: 'read', value }), call), 'value')),
    ),
    write: unary(async (value, call) =>
      writeWritten(expectOf(await door.answer(readOperation({ $case: 'write', value }), call), 'written')),
    ),
    delete: unary(async (value, call) =>
      writeWritten(expectOf(await door.answer(readOperation({ $case: 'delete', value }), call), 'written')),
    ),
    session: (call) => sessions.add(call),
    watch: (call) => {
      try {
        values.add(checkKey(call.request.key), call);
      } catch (error) {
        fail(call, error);
      }
    },
    layout: unary(
      async () => writeLayout(backend.layout),
      () => mutes([]),
    ),
    inspect: unary(
      async ({ key }, call) => {
        call.once('cancelled', backlog.lend(backend.sizeOf(key)));
        const { cell } = await ask(backend, { type: 'inspect', key: checkKey(key) }, 'cell');
        return { cell: cell && writeCell(cell) };
      },
      ({ key }) => mutes([key]),
    ),
    cells: paged(() => cells(backend), {
      mutes: (page) => mutes(page?.cells.map(({ key }) => key) ?? []),
      backlog,
      pageBytes,
    }),
    status: unary(async () => ({ report: writeReport(await backend.report()) })),
    watchStatus: (call) => statuses.add(call),
  };

  return {
    name: `${protobufPackage}.RegisterService`,
    definition: { ...RegisterServiceService, session: registerSession },
    implementation,
    countsItself: ['Session'],
    close() {
      values.close();
      statuses.close();
      sessions.close();
    },
  };
}

function expectOf<T extends OperationOutcome['type']>(
  outcome: OperationOutcome,
  type: T,
): Extract<OperationOutcome, { readonly type: T }> {
  invariant(outcome.type === type, `a register answers what it was asked, not '${outcome.type}'`);
  return outcome as Extract<OperationOutcome, { readonly type: T }>;
}

/** The cells that the node holds, however many: those written meanwhile may be among them. */
async function* cells(backend: RegisterBackend): AsyncGenerator<CellsResponse> {
  for (let from: number | undefined = 0; from !== undefined;) {
    const page: Extract<RegisterResult, { readonly type: 'cells' }> = await ask(
      backend,
      { type: 'cells', from, limit: pageCells },
      'cells',
    );
    for (const some of inPages(page.cells, ({ key, cell }) => 64 + key.length + (cell.value?.length ?? 0))) {
      yield { cells: some.map(writeKeyedCell) };
    }
    from = page.next;
  }
}

import type { Cell, KeyedCell, ReadResult, Tag } from '@synod/register';
import { readCell, readKeyedCell } from '../codec/register-types.js';
import { defaultTimeoutMs, type CallOptions } from '../connection/call-options.js';
import { endQuietly } from '../connection/end-quietly.js';
import { ServiceConnection } from '../connection/service-connection.js';
import { watchLatest } from '../connection/watch-latest.js';
import { RegisterServiceService as methods } from '../gen/synod/register/v1/register_service.js';
import { SessionStream, type Session, type SessionOptions } from '../session/session-stream.js';
import type { OperationOutcome, RegisterOperation } from './operation.js';
import { checkKey, checkValue } from './register-checks.js';
import type { RegisterLayout } from './register-layout.js';
import type { RegisterReport } from './register-report.js';
import { registerSessionWire } from './register-session-wire.js';
import { readRead, readWritten } from './register-wire.js';
import { readReport } from './report-wire.js';

/** One stream of register operations to one server. */
export type RegisterSession = Session<RegisterOperation, OperationOutcome>;

/** What a register holds: `value` is undefined if it was deleted or never written, `tag` if it was never written. */
export type RegisterValue = Omit<ReadResult, 'type'>;

const read = { readOnly: true };
const change = { readOnly: false };

/** The registers of one server, as they are: no retries, no failover. Every method rejects with `SynodError`. */
export class RegisterConnection extends ServiceConnection {
  async read(key: string, options?: CallOptions): Promise<RegisterValue> {
    const response = await this.connection.unary(methods.read, { key: checkKey(key) }, { ...options, ...read });
    const { value, tag } = readRead(response);
    return { value, tag };
  }

  async write(key: string, value: Uint8Array, options?: CallOptions): Promise<Tag> {
    const request = { key: checkKey(key), value: Buffer.from(checkValue(value)) };
    return readWritten(await this.connection.unary(methods.write, request, { ...options, ...change }));
  }

  async delete(key: string, options?: CallOptions): Promise<Tag> {
    return readWritten(await this.connection.unary(methods.delete, { key: checkKey(key) }, { ...options, ...change }));
  }

  /** The current value, then newer ones as a majority holds them; not all of them. Ends with the signal. */
  async *watch(key: string, options: CallOptions = {}): AsyncGenerator<RegisterValue> {
    try {
      for await (const page of this.connection.pages(methods.watch, { key: checkKey(key) }, options)) {
        const { value, tag } = readRead(page);
        yield { value, tag };
      }
    } catch (error) {
      endQuietly(error, options.signal);
    }
  }

  /** Which registers and tokens there are, and who may. */
  layout(options?: CallOptions): Promise<RegisterLayout> {
    return this.connection.unary(methods.layout, {}, { ...options, ...read });
  }

  /** The cell that this server itself holds, which may be old. */
  async inspect(key: string, options?: CallOptions): Promise<Cell | undefined> {
    const { cell } = await this.connection.unary(methods.inspect, { key: checkKey(key) }, { ...options, ...read });
    return cell && readCell(cell, 'cell');
  }

  /** All cells that this server itself holds, tombstones included. */
  async *cells(options: CallOptions = {}): AsyncGenerator<KeyedCell> {
    const pages = this.connection.pages(methods.cells, {}, { timeoutMs: defaultTimeoutMs, ...options });
    for await (const { cells } of pages) yield* cells.map((cell) => readKeyedCell(cell, 'cells'));
  }

  async status(options?: CallOptions): Promise<RegisterReport> {
    const { report } = await this.connection.unary(methods.status, {}, { ...options, ...read });
    return readReport(report);
  }

  /** The current report, then one after each change; a slow reader gets only the latest. Ends with the signal. */
  async *watchStatus(options: CallOptions = {}): AsyncGenerator<RegisterReport> {
    for await (const { report } of watchLatest(this.connection, methods.watchStatus, {}, options)) {
      yield readReport(report);
    }
  }

  session(options: SessionOptions = {}): RegisterSession {
    return new SessionStream(this.connection, registerSessionWire, options);
  }
}

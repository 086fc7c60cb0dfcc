import type { PerformanceReport, ServerEvent, TracedMessage } from '@synod/kernel';
import type { CallOptions } from '../connection/call-options.js';
import { endQuietly } from '../connection/end-quietly.js';
import { ServiceConnection } from '../connection/service-connection.js';
import { NodeServiceService as methods } from '../gen/synod/node/v1/node_service.js';
import { readEvent, readPerformance } from './figures-wire.js';
import type { NodeDescription } from './node-backend.js';

export interface WatchedEvent {
  readonly event: ServerEvent;
  /** How many events were lost directly before this one, because the reader was too slow. */
  readonly missed: number;
}

export interface WatchedMessage {
  readonly message: TracedMessage;
  /** How many messages were lost directly before this one, because the reader was too slow. */
  readonly missed: number;
}

/** What one server tells, whatever it serves. Every method rejects with `SynodError`. */
export class NodeConnection extends ServiceConnection {
  /** Who this is, and who the others are. */
  describe(options?: CallOptions): Promise<NodeDescription> {
    return this.connection.unary(methods.describe, {}, { ...options, readOnly: true });
  }

  async performance({ recent = 20, ...options }: CallOptions & { recent?: number } = {}): Promise<PerformanceReport> {
    const { report } = await this.connection.unary(methods.performance, { recent }, { ...options, readOnly: true });
    return readPerformance(report);
  }

  /** Events as they happen, after the last `last` that the server still keeps. Ends with the signal. */
  async *watchEvents({ last = 0, ...options }: CallOptions & { last?: number } = {}): AsyncGenerator<WatchedEvent> {
    try {
      for await (const { missed, events } of this.connection.pages(methods.watchEvents, { last }, options)) {
        for (const [i, event] of events.entries()) yield { event: readEvent(event), missed: i === 0 ? missed : 0 };
      }
    } catch (error) {
      endQuietly(error, options.signal);
    }
  }

  /** The messages that the server sends to its peers and receives from them, from now on. Ends with the signal. */
  async *watchMessages(options: CallOptions = {}): AsyncGenerator<WatchedMessage> {
    try {
      for await (const { missed, messages } of this.connection.pages(methods.watchMessages, {}, options)) {
        for (const [i, message] of messages.entries()) yield { message, missed: i === 0 ? missed : 0 };
      }
    } catch (error) {
      endQuietly(error, options.signal);
    }
  }
}

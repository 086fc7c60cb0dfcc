import type { MachineDefinition, Observer } from '@synod/kernel';
import type { GrpcService, MessageCodec, Replaced, Replacement, SilenceSubject, Topic } from '@synod/transport/server';
import type { StoreConfiguration } from './data-directory.js';
import type { Door } from './doors/door.js';
import type { Instruments } from './observation/instruments.js';
import type { ServedProtocol } from './served-protocol.js';

/** All that makes a server the server of one application; the start asks it for nothing else. */
export interface Application<P extends ServedProtocol> {
  /** What all servers must agree on before they talk: a peer with another one is refused. */
  readonly fingerprint: string;
  readonly store: StoreConfiguration;
  readonly definition: MachineDefinition<P>;
  readonly codec: MessageCodec<P['message']>;
  /** What a message is about, in words for people: the same where it is sent and where it is received. */
  subjectOf(message: P['message']): string;
  /**
   * What a server still says of a message that goes to a peer while it is silent about something; undefined: nothing.
   * Default: all of it, unless the whole server is silent.
   */
  readonly audiblePart?: (message: P['message'], mutes: (topic: Topic) => boolean) => P['message'] | undefined;
  /**
   * The register that a silence is about. Throws `SynodError` `unknown_key` or `unknown_token`. Without it, only the
   * whole server can be silent.
   */
  readonly silenceKey?: (subject: SilenceSubject) => string;
  /** Types of messages and commands that failpoints are named after. */
  readonly failpointTypes: readonly (P['message'] | P['command'])['type'][];
  /** Where callers reach the machine. The start opens it, the stop closes it. */
  readonly door: Door<P>;
  /** What is served beside the links to peers and the admin service. */
  readonly services: readonly GrpcService[];
  /** Tells what the machine did from what it released. Times and writes are measured without it. */
  readonly observer?: Pick<Observer<P>, 'released'>;
  /** Gives another server another disk and address, for good. Without it no server of this kind can be replaced. */
  replace?(replacement: Replacement): Promise<Replaced>;
  /** Whether the server takes part, for `GET /health`. May reject: then it does not. */
  ready(): Promise<boolean>;
  /** What was found in the store, for the event `server-started`. Asked once the door is open. */
  recovered(): Promise<Recovered>;
  /** Begins what runs beside the machine. Called once, when the door is open. */
  started?(): void;
  /** Ends what runs beside the machine, such as worker threads. Called once, however the server or its start ends. */
  close?(): void | Promise<void>;
}

/** What a store held, as text and as fields of an event. */
export interface Recovered {
  readonly text: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Makes the application of one server. Throws `SynodError` `config` for options that it can not run with. */
export type Build<P extends ServedProtocol> = (instruments: Instruments) => Application<P>;

import type { Input, Machine, NodeId, OperationId, Output, Time } from '@synod/kernel';
import { registerMachine } from '../machine.js';
import type { RegisterMessage } from '../messages.js';
import type { RegisterOptions } from '../options.js';
import type { RegisterCommand, RegisterProtocol, RegisterResult } from '../protocol.js';
import { registerKeys, type RegisterRecord } from '../records.js';

type See = (output: Output<RegisterProtocol>) => void;

/** One node with its peers in the hands of the test. What it persists is durable at once. */
export class LoneNode {
  readonly self: NodeId;
  readonly stored = new Map<string, RegisterRecord>();
  readonly answers = new Map<OperationId, RegisterResult>();
  /** All it sent to others, oldest first. */
  sent: { readonly to: NodeId; readonly message: RegisterMessage }[] = [];
  readonly #options: Omit<RegisterOptions, 'random'>;
  #machine: Machine<RegisterProtocol> | undefined;
  #operations = 0;
  #life = 0;
  now: Time = 0;

  constructor(options: Omit<RegisterOptions, 'random'>) {
    this.self = options.self;
    this.#options = options;
  }

  /** Its disk has the identity `i0`, and all peers know it. */
  beKnown(): this {
    const [identity, incarnation] = [life(0), life(0)];
    this.stored.set(registerKeys.node, { kind: 'node', identity, incarnation, standing: 'member' });
    for (const member of this.#options.members) {
      if (member !== this.self) this.stored.set(registerKeys.known(member), { kind: 'known' });
    }
    return this;
  }

  restart(): void {
    this.#machine = undefined;
  }

  invoke(command: RegisterCommand): OperationId {
    const id = ++this.#operations;
    this.step({ kind: 'invoke', id, command });
    return id;
  }

  deliver(from: NodeId, message: RegisterMessage): void {
    this.step({ kind: 'deliver', from, message });
  }

  /** A turn that takes in one input; `see` is shown each step. */
  step(input: Input<RegisterProtocol>, see?: See): void {
    this.turn([input], see);
  }

  /** A turn that takes in all these. */
  turn(inputs: readonly Input<RegisterProtocol>[], see: See = () => {}): void {
    const machine = this.#running();
    const step = (input: Input<RegisterProtocol>): void => {
      const output = machine.step(input, this.now);
      for (const { key, value } of output.persist) {
        if (value) this.stored.set(key, value);
        else this.stored.delete(key);
      }
      for (const { id, result } of output.complete) this.answers.set(id, result);
      this.sent.push(...output.send);
      see(output);
    };
    for (const input of inputs) step(input);
    if (machine.hasGathered) step({ kind: 'turn' });
  }

  /** Lets time pass, with every wake that is due. */
  wait(ms: number, see?: See): void {
    const until = this.now + ms;
    for (;;) {
      const wakeAt = this.#running().wakeAt ?? Number.POSITIVE_INFINITY;
      this.now = Math.max(this.now, Math.min(wakeAt, until));
      if (wakeAt > until) return;
      this.step({ kind: 'wake' }, see);
    }
  }

  /** The last message of a type that it sent to others. */
  last<T extends RegisterMessage['type']>(type: T): Extract<RegisterMessage, { type: T }> {
    const sent = this.sent.findLast(({ message }) => message.type === type);
    return sent!.message as Extract<RegisterMessage, { type: T }>;
  }

  #running(): Machine<RegisterProtocol> {
    if (this.#machine) return this.#machine;
    const number = ++this.#life;
    const definition = registerMachine({ ...this.#options, random: () => number / 2 ** 32 });
    const reader = { get: (key: string) => this.stored.get(key) };
    const builder = definition.recover(reader, this.now);
    for (const [key, record] of [...this.stored].sort()) builder.add(key, record);
    return (this.#machine = builder.build());
  }
}

/** The incarnation that the n-th life of a lone node has. */
export function life(number: number): string {
  return number.toString(16).padStart(8, '0').repeat(2);
}

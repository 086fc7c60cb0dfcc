import { Effects, type NodeId, type Time } from '@synod/kernel';
import type { Block, Entry } from '../block.js';
import { Consensus } from '../consensus.js';
import type { PaxosMessage } from '../messages.js';
import type { Limits, RoundEnd, Timing } from '../options.js';
import { liveKeys, paxosKeys, type PaxosRecord } from '../records.js';
import type { LogProtocol } from '../replicated-log.js';
import { genesis, textCodec } from './text-codec.js';

type Message = PaxosMessage<string>;

/** S1 of some servers, with its peers in the hands of the test. What it sends to itself arrives at once. */
export class LoneServer {
  readonly consensus: Consensus<string>;
  readonly applied: Block<string>[] = [];
  readonly adopted: { readonly state: string; readonly own: readonly Entry<string>[]; readonly height: number }[] = [];
  readonly ends: RoundEnd[] = [];
  /** All it sent to others. */
  sent: { readonly to: NodeId; readonly message: Message }[] = [];
  readonly stored: Map<string, PaxosRecord<string>>;
  now: Time = 0;

  constructor(
    members: readonly NodeId[],
    options: {
      readonly timing?: Partial<Timing>;
      readonly limits?: Partial<Limits>;
      readonly stored?: Map<string, PaxosRecord<string>>;
      readonly onEnd?: (end: RoundEnd, server: LoneServer, effects: Effects<LogProtocol<string>>) => void;
    } = {},
  ) {
    this.stored = options.stored ?? knownServer();
    const records = [...this.stored].filter(([key]) => key >= liveKeys.from && key < liveKeys.to).sort();
    this.consensus = new Consensus<string>(
      {
        self: 'S1',
        members,
        genesis,
        codec: textCodec,
        random: () => 0.5,
        timing: options.timing,
        limits: options.limits,
        application: {
          apply: (block) => void this.applied.push(block),
          snapshot: () => Buffer.from(`state ${this.consensus.height}`),
          adopt: (state, own, height) => void this.adopted.push({ state: Buffer.from(state).toString(), own, height }),
          ended: (end, effects) => {
            this.ends.push(end);
            options.onEnd?.(end, this, effects as Effects<LogProtocol<string>>);
          },
        },
      },
      { get: (key) => this.stored.get(key) },
      this.now,
    );
    for (const [key, record] of records) this.consensus.recover(key, record);
  }

  /** One step, and what it sends to itself. */
  step(act: (consensus: Consensus<string>, effects: Effects<LogProtocol<string>>, now: Time) => void): void {
    const effects = new Effects<LogProtocol<string>>();
    this.consensus.begin(effects);
    act(this.consensus, effects, this.now);
    for (const { key, value } of effects.persist) {
      if (value) this.stored.set(key, value);
      else this.stored.delete(key);
    }
    this.sent.push(...effects.send.filter(({ to }) => to !== 'S1'));
    for (const { to, message } of effects.send) if (to === 'S1') this.deliver('S1', message);
  }

  deliver(from: NodeId, message: Message): void {
    this.step((consensus, effects, now) => consensus.deliver(from, message, effects, now));
  }

  link(peer: NodeId, up = true): void {
    this.step((consensus, effects) => consensus.link(peer, up, effects));
  }

  append(value: string): void {
    this.step((consensus, effects) => void consensus.append(value, effects));
  }

  want(gather?: readonly NodeId[]): void {
    this.step((consensus, effects, now) => consensus.want(gather, effects, now));
  }

  /** Lets time pass, with every wake that is due. */
  wait(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const { wakeAt } = this.consensus;
      this.now = Math.max(this.now, Math.min(wakeAt, until));
      if (wakeAt > until) return;
      this.step((consensus, effects, now) => consensus.wake(effects, now));
    }
  }

  /** A promise of the round this server leads, with these values in the peer's log from its first entry. */
  promise(from: NodeId, ...values: string[]): void {
    const { ballot } = this.consensus.leading!;
    const log = values.map((value, i) => ({ owner: from, sequence: i + 1, value }));
    const height = this.consensus.height + 1;
    this.deliver(from, { type: 'promise', ballot, height, accepted: undefined, log, more: false, wants: false });
  }

  accepted(from: NodeId): void {
    this.deliver(from, { type: 'accepted', ballot: this.consensus.leading!.ballot, height: this.consensus.height + 1 });
  }

  /** What it sent of one type, and forgets. */
  take<K extends Message['type']>(type: K): { to: NodeId; message: Extract<Message, { type: K }> }[] {
    const taken = this.sent.filter(({ message }) => message.type === type);
    this.sent = this.sent.filter(({ message }) => message.type !== type);
    return taken as { to: NodeId; message: Extract<Message, { type: K }> }[];
  }
}

/** The disk of a server that enough others know. */
function knownServer(): Map<string, PaxosRecord<string>> {
  return new Map([[paxosKeys.identity, { kind: 'identity', identity: 'd15c', standing: 'established' }]]);
}

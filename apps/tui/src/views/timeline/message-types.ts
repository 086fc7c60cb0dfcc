import type { Style } from '../../layout/line.js';

/** How messages of one type are drawn. */
export interface MessageType {
  /** One letter: upper case asks, lower case answers. */
  readonly letter: string;
  readonly style: Style | undefined;
  /** In the picture that is exported. */
  readonly colour: string;
  /** It answers: several of them meet at whom they answer. */
  readonly isReply: boolean;
}

const ask = { isReply: false };
const reply = { isReply: true };
const background = { style: 'quiet', colour: '#8b95a5' } as const;

/** The messages of Paxos, of registers, and those about disks, which both have. */
const types: Readonly<Record<string, MessageType>> = {
  prepare: { letter: 'P', style: 'accent', colour: '#2f7ed8', ...ask },
  promise: { letter: 'p', style: 'accent', colour: '#2f7ed8', ...reply },
  accept: { letter: 'A', style: 'warn', colour: '#c98500', ...ask },
  accepted: { letter: 'a', style: 'warn', colour: '#c98500', ...reply },
  commit: { letter: 'C', style: 'good', colour: '#2e9e4f', ...ask },
  withdraw: { letter: 'W', style: 'quiet', colour: '#8b95a5', ...ask },
  nack: { letter: 'n', style: 'bad', colour: '#d6453d', ...reply },
  fetch: { letter: 'F', style: undefined, colour: '#7a5fb5', ...ask },
  blocks: { letter: 'b', style: undefined, colour: '#7a5fb5', ...reply },
  status: { letter: 's', ...background, ...ask },
  read: { letter: 'R', style: 'accent', colour: '#2f7ed8', ...ask },
  value: { letter: 'v', style: 'accent', colour: '#2f7ed8', ...reply },
  write: { letter: 'I', style: 'warn', colour: '#c98500', ...ask },
  ack: { letter: 'k', style: 'warn', colour: '#c98500', ...reply },
  introduce: { letter: 'D', ...background, ...ask },
  acquainted: { letter: 'd', ...background, ...reply },
  copy: { letter: 'Y', style: undefined, colour: '#7a5fb5', ...ask },
  page: { letter: 'y', style: undefined, colour: '#7a5fb5', ...reply },
};

const unknown: MessageType = { letter: '?', style: undefined, colour: '#555555', ...ask };

export function messageType(type: string): MessageType {
  return types[type] ?? unknown;
}

/** `P prepare  p promise`, of those given, in the order of the protocol. */
export function legendOf(used: ReadonlySet<string>): string {
  return Object.entries(types)
    .filter(([name]) => used.has(name))
    .map(([name, { letter }]) => `${letter} ${name}`)
    .join('  ');
}

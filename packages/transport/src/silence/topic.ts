/** What a message or an answer is about, as far as a server can be silent about it. */
export interface Topic {
  /** The registers it mentions; none: it is about the server as such. */
  readonly keys: readonly string[];
  /** Of a register's operation; undefined: it belongs to neither. */
  readonly phase: 'read' | 'write' | undefined;
}

/** Decides what a server keeps to itself. */
export interface Muting {
  /** It is silent about nothing: no need to ask. */
  readonly isEmpty: boolean;
  mutes(topic: Topic): boolean;
}

/** What concerns no register: only the silence of a whole server mutes it. */
export const wholeServer: Topic = { keys: [], phase: undefined };

export const never: Muting = { isEmpty: true, mutes: () => false };

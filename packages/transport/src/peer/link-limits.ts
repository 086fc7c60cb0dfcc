/** Bounds of the links of one node. */
export interface LinkLimits {
  /** Longest frame, bytes. With a few bytes around it, it must stay below what the peers' servers receive. */
  readonly frameBytes: number;
  /** Longest message, bytes; longer ones are neither sent nor put together. */
  readonly messageBytes: number;
  /** While more than this waits for one peer, bytes, further messages to it are dropped. */
  readonly queueBytes: number;
  /** A stream that has not been greeted or welcomed after this time is given up; up to 16 times as long after failures. */
  readonly handshakeMs: number;
  /** Wait before the first redial; doubles with every failure up to `redialMaxMs`. */
  readonly redialMinMs: number;
  readonly redialMaxMs: number;
  /** A silent peer is asked for a sign of life after `keepaliveMs` and given up `keepaliveTimeoutMs` later. */
  readonly keepaliveMs: number;
  readonly keepaliveTimeoutMs: number;
}

export const defaultLinkLimits: LinkLimits = {
  frameBytes: 256 * 1024,
  messageBytes: 512 * 1024 * 1024,
  queueBytes: 64 * 1024 * 1024,
  handshakeMs: 3000,
  redialMinMs: 50,
  redialMaxMs: 1000,
  keepaliveMs: 5000,
  keepaliveTimeoutMs: 5000,
};

/**
 * Turns one protocol's messages into bytes and back. The links between nodes carry the bytes and know nothing of the
 * protocol: with a codec of its own, any machine's messages travel on them.
 */
export interface MessageCodec<M> {
  encode(message: M): Uint8Array;
  /** Throws `SynodError` `invalid_argument` on bytes that are no message. */
  decode(bytes: Uint8Array): M;
}

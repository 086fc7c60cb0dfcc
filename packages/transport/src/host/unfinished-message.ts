/** What one piece that has arrived takes, beside its bytes: a message can come byte by byte. */
const pieceBytes = 256;

/** gRPC puts before each message a byte for its compression and four for its length. */
const prefixLength = 5;

/** Follows one stream of gRPC messages to know whether one of them has begun, and what has arrived of it. */
export class UnfinishedMessage {
  /** Bytes of its prefix that have arrived; 0: no message has begun. */
  #prefix = 0;
  #length = 0;
  /** Bytes of it that have not arrived. */
  #missing = 0;
  #bytes = 0;

  /** About the memory that it takes; 0: no message has begun. */
  get bytes(): number {
    return this.#bytes;
  }

  take(piece: Uint8Array): void {
    let at = 0;
    while (at < piece.length) {
      if (this.#prefix < prefixLength) this.#takePrefix(piece[at++]!);
      else at += this.#takeSome(piece.length - at);
      if (this.#prefix === prefixLength && this.#missing === 0) this.#prefix = 0;
    }
    if (this.#prefix === 0) this.#bytes = 0;
    else if (this.#bytes === 0) this.#bytes = prefixLength + this.#length - this.#missing + pieceBytes;
    else this.#bytes += piece.length + pieceBytes;
  }

  #takePrefix(byte: number): void {
    this.#length = this.#prefix === 0 ? 0 : this.#length * 256 + byte;
    this.#missing = this.#length;
    this.#prefix++;
  }

  #takeSome(atMost: number): number {
    const taken = Math.min(this.#missing, atMost);
    this.#missing -= taken;
    return taken;
  }
}

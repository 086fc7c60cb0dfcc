import type { Tag } from '@synod/register';
import type { Domain, Hashed, Token } from '@synod/tokens/vocabulary';

/** Every operation of a token can be given up: a search for it stops. */
export interface TokenCallOptions {
  readonly signal?: AbortSignal;
}

export interface TokenWrite {
  readonly id: string;
  readonly name: string;
  readonly domain: Domain;
}

/** Each answer carries the tag of the write it rests on. */
export interface TokenRead {
  readonly token: Token;
  readonly tag: Tag;
}

export interface TokenWritten {
  /** Undefined when low = mid. */
  readonly partial: Hashed | undefined;
  readonly tag: Tag;
}

export interface TokenChanged {
  readonly tag: Tag;
}

/** What the tokens' gRPC service needs from a server. Every method rejects with `SynodError`. */
export interface TokenBackend {
  create(id: string, options?: TokenCallOptions): Promise<TokenChanged>;
  drop(id: string, options?: TokenCallOptions): Promise<TokenChanged>;
  write(write: TokenWrite, options?: TokenCallOptions): Promise<TokenWritten>;
  read(id: string, options?: TokenCallOptions): Promise<TokenRead>;
  /** The ids of the tokens that this node holds, in natural order. */
  list(): readonly string[];
  /** The register in which a token is kept. */
  keyOf(id: string): string;
}

/**
 * Every failure a caller can meet, by code. Callers branch on the code, people read the message.
 * The wire carries the code and `definite` unchanged.
 */
export type ErrorCode =
  | 'invalid_argument' // the request can never succeed as written
  | 'unknown_server'
  | 'unknown_account'
  | 'wrong_home' // another server executes this account; the message names it
  | 'unknown_key' // no register of that key is configured
  | 'unknown_token' // no token of that id is configured
  | 'unauthorised' // this node may not do that; the message names those that may
  | 'exists' // the token to create was not dropped
  | 'dropped' // the token was dropped, and not created again
  | 'never_written' // the token has no name and domain yet
  | 'id_conflict' // the id was used before with other content
  | 'not_ready' // the node does not take part yet (it is starting, or still unknown to its peers)
  | 'no_quorum' // no majority answered in time
  | 'disk_lost' // the disk is empty though peers remember this node
  | 'disk_cut' // the disk holds less than peers remember
  | 'replaced' // another disk or address has taken this server's place for good
  | 'corrupt' // stored data contradicts its checksums
  | 'storage_failed' // a write failed: nothing after it is trusted
  | 'config' // a configuration is wrong; the message names the field
  | 'refused' // the peer belongs to another cluster, or is not who it should be
  | 'resource_exhausted' // a documented limit was reached; nothing was done
  | 'unavailable' // the server cannot be reached
  | 'deadline' // the caller's time ran out
  | 'cancelled' // the caller gave up
  | 'internal';

export interface SynodErrorOptions extends ErrorOptions {
  /**
   * `true`: it certainly did not happen. `false`: it may have happened, or may still happen; never retry blindly.
   * Default `true`.
   */
  readonly definite?: boolean;
}

/** The one error class of Synod's public interfaces. */
export class SynodError extends Error {
  override readonly name = 'SynodError';
  readonly code: ErrorCode;
  readonly definite: boolean;

  constructor(code: ErrorCode, message: string, options: SynodErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.definite = options.definite ?? true;
  }
}

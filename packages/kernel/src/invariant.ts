/** A broken invariant: the program is wrong, not its input. The process that sees one stops. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** States what must hold; always on, in production too. `message` says what was expected. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(`invariant broken: ${message}`);
}

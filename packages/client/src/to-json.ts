/**
 * JSON in which no number loses a digit: whole numbers up to 2^53-1 are numbers, larger ones decimal text.
 */
export function toJson(value: unknown, space?: number): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? exact(item) : item), space);
}

function exact(value: bigint): number | string {
  return value >= -maxSafe && value <= maxSafe ? Number(value) : value.toString();
}

const maxSafe = BigInt(Number.MAX_SAFE_INTEGER);

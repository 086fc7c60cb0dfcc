/** Control characters, line separators, what turns the direction of text around, and halves of characters. */
const dangerous = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\p{Surrogate}]/gu;

/** Replaces what would move the cursor, end the line or turn it around, each by one character. */
export function clean(text: string): string {
  return text.replace(dangerous, '\ufffd');
}

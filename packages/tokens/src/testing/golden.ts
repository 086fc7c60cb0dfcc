/** The checks of docs/registers.md. */
export const golden: [name: string, low: bigint, high: bigint, x: bigint, hash: bigint][] = [
  ['abc', 1n, 5n, 4n, 2207634929195471568n],
  ['abc', 5n, 14n, 12n, 1315358797943274660n],
  ['abc', 5n, 25n, 15n, 902613196918738813n],
  ['abc', 10n, 100n, 70n, 60570345165277511n],
];

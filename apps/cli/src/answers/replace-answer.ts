/** Who took a server's place; as it is printed with `--json` (docs/formats.md). */
export interface ReplaceAnswer {
  readonly server: string;
  /** `host:port` of the new server. */
  readonly address: string;
  /** The identity of its disk: 16 hexadecimal digits. */
  readonly disk: string;
  /** Of the block that says so. */
  readonly height: number;
  /** The last of the former disk's transfers that a block holds; 0 if none. */
  readonly sequence: number;
  /** The new server takes part already. */
  readonly takesPart: boolean;
}

export function renderReplaced({ server, address, disk, height, sequence, takesPart }: ReplaceAnswer): string[] {
  const kept = sequence === 0 ? 'none of its transfers is in a block' : `its transfers up to ${sequence} are in blocks`;
  return [
    `${server} is at ${address} since block ${height}, on disk ${disk}; ${takesPart ? 'it takes part' : 'it is catching up'}`,
    `of the former disk, ${kept}; what it answered beyond, what waited there and what it refused is lost`,
  ];
}

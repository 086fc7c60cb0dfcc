import type { Replaced } from '@synod/transport/client';

/** Who took a server's place; as it is printed with `--json` (docs/formats.md). */
export interface ReplaceAnswer {
  readonly server: string;
  /** `host:port` of the new server. */
  readonly address: string;
  /** The identity of its disk: 16 hexadecimal digits. */
  readonly disk: string;
  /** What says so. */
  readonly by: Replaced;
  /** The new server takes part already. */
  readonly takesPart: boolean;
}

export function renderReplaced({ server, address, disk, by, takesPart }: ReplaceAnswer): string[] {
  const progress = takesPart ? 'it takes part' : 'it is catching up';
  if (by.type === 'configuration') return [`${server} is at ${address}, on disk ${disk}; ${progress}`];
  const { height, sequence } = by;
  const kept = sequence === 0 ? 'none of its transfers is in a block' : `its transfers up to ${sequence} are in blocks`;
  return [
    `${server} is at ${address} since block ${height}, on disk ${disk}; ${progress}`,
    `of the former disk, ${kept}; what it answered beyond, what waited there and what it refused is lost`,
  ];
}

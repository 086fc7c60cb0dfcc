import type { MachineDefinition, Output } from '@synod/kernel';
import { nameInKey, type RegisterProtocol, type RegisterRecord } from '@synod/register';

/** Values below this are not remembered one by one, bytes. */
const large = 4 * 1024;

/** How large the large values are that a node holds, told from what it persists. */
export class CellSizes {
  readonly #bytes = new Map<string, number>();

  /** The same machine; it is seen what it recovers. */
  from(definition: MachineDefinition<RegisterProtocol>): MachineDefinition<RegisterProtocol> {
    return {
      ...definition,
      recover: (reader, now) => {
        const builder = definition.recover(reader, now);
        const add = (key: string, record: RegisterRecord): void => {
          this.#note(key, record);
          builder.add(key, record);
        };
        return { add, build: () => builder.build() };
      },
    };
  }

  released({ persist }: Pick<Output<RegisterProtocol>, 'persist'>): void {
    for (const { key, value } of persist) this.#note(key, value);
  }

  /** About the bytes of its value; 0 if it is small. */
  of(key: string): number {
    return this.#bytes.size === 0 ? 0 : (this.#bytes.get(key) ?? 0);
  }

  #note(key: string, record: RegisterRecord | undefined): void {
    if (record?.kind !== 'cell') return;
    const bytes = record.packed?.length ?? 0;
    if (bytes >= large) this.#bytes.set(nameInKey(key), bytes);
    else if (this.#bytes.size > 0) this.#bytes.delete(nameInKey(key));
  }
}

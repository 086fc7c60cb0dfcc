import { connect, type ReadSource, type RegisterValue } from '@synod/client';
import { SynodError, type Random } from '@synod/kernel';
import type { Tag } from '@synod/register';
import { drawIndex, seededRandom } from '@synod/simulator';
import { ServerConnection, type ServerAddress } from '@synod/transport/client';
import { Findings } from '../findings.js';
import type { WriterChoice } from '../plan.js';
import { writersOf } from '../register-keys.js';
import type { Ended, Subject, Verification } from '../subject.js';
import { KnownCells } from './known-cells.js';
import { valuesOf } from './random-value.js';

export interface RegisterTask {
  readonly kind: 'register';
  /** Without ids where they are not known yet. */
  readonly servers: readonly Partial<ServerAddress>[];
  readonly keys: readonly string[];
  readonly readShare: number;
  readonly readFrom: ReadSource;
  readonly valueBytes: number;
  readonly unary: boolean;
  /** With `unary` the one that writes a key is asked for it: of `writersOf` the one at the place of the key. */
  readonly writer: WriterChoice;
  readonly seed: number;
  /** Of this client process. */
  readonly name: string;
  /** Each key is written once before anything is measured: those at places `first`, `first + step` and so on by this process. */
  readonly first: number;
  readonly step: number;
}

/** The two things that are done with registers, whatever the way. */
export interface RegisterAccess {
  read(place: number): Promise<RegisterValue>;
  write(place: number, value: Uint8Array): Promise<{ readonly tag: Tag }>;
  close(): void | Promise<void>;
}

/** Registers read and written at random keys, each answer compared with what is known. */
export class RegisterSubject implements Subject {
  readonly #access: RegisterAccess;
  readonly #keys: readonly string[];
  readonly #readShare: number;
  readonly #random: Random;
  readonly #nextValue: () => Uint8Array;
  readonly #findings = new Findings();
  readonly #known = new KnownCells(this.#findings);

  constructor(
    access: RegisterAccess,
    {
      keys,
      readShare,
      valueBytes,
      seed,
      name,
    }: Pick<RegisterTask, 'keys' | 'readShare' | 'valueBytes' | 'seed' | 'name'>,
  ) {
    this.#access = access;
    this.#keys = keys;
    this.#readShare = readShare;
    this.#random = seededRandom(seed, name);
    this.#nextValue = valuesOf(valueBytes, this.#random);
  }

  begin(ended: Ended): void {
    const place = drawIndex(this.#random, this.#keys.length);
    const key = this.#keys[place]!;
    const floor = this.#known.floor(key);
    if (this.#random() < this.#readShare) {
      this.#access.read(place).then(
        ({ tag, value }) => {
          this.#known.read(key, tag, value, floor);
          ended('read');
        },
        (error: unknown) => ended('read', asSynodError(error)),
      );
    } else {
      const written = this.#nextValue();
      this.#access.write(place, written).then(
        ({ tag }) => {
          this.#known.wrote(key, tag, written, floor);
          ended('write');
        },
        (error: unknown) => ended('write', asSynodError(error)),
      );
    }
  }

  /** Gives every key of its part a value. Rejects with `SynodError`. */
  async fill({ first, step }: Pick<RegisterTask, 'first' | 'step'>): Promise<void> {
    const places = this.#keys.flatMap((_, place) => (place % step === first ? [place] : []));
    await inParts(places, async (place) => {
      const key = this.#keys[place]!;
      const value = this.#nextValue();
      const { tag } = await this.#access.write(place, value);
      this.#known.wrote(key, tag, value, undefined);
    });
  }

  /** Reads back every register that something is known of. */
  async verify(): Promise<Verification> {
    const keys = this.#known.keys;
    const places = new Map(this.#keys.map((key, place) => [key, place]));
    await inParts(keys, (key) => this.#readBack(key, places.get(key)!));
    return this.#findings.result();
  }

  async close(): Promise<void> {
    await this.#access.close();
  }

  async #readBack(key: string, place: number): Promise<void> {
    const floor = this.#known.floor(key);
    const { tag, value } = await this.#access.read(place);
    this.#known.read(key, tag, value, floor);
    this.#findings.checked++;
  }
}

export async function openRegisters(task: RegisterTask): Promise<Subject> {
  return filled(new RegisterSubject(task.unary ? unaryAccess(task) : clientAccess(task), task), task);
}

/** Reads find something, and what a register's only writer asks once in its life it has asked. */
export async function filled(
  subject: RegisterSubject,
  task: Pick<RegisterTask, 'first' | 'step'>,
): Promise<RegisterSubject> {
  await subject.fill(task);
  return subject;
}

/** As many at a time as travel well together. */
async function inParts<T>(all: readonly T[], each: (one: T) => Promise<void>): Promise<void> {
  const atOnce = 256;
  for (let i = 0; i < all.length; i += atOnce) await Promise.all(all.slice(i, i + atOnce).map(each));
}

/** As applications do: everything that is asked in one turn travels together. */
function clientAccess({ servers, keys, readFrom }: RegisterTask): RegisterAccess {
  const client = connect({ servers: servers.map(({ id, address }) => ({ id, address: address! })), readFrom });
  const handles = keys.map((key) => client.register(key));
  return {
    read: (place) => handles[place]!.read(),
    write: (place, value) => handles[place]!.write(value),
    close: () => client.close(),
  };
}

/** One call an operation. */
function unaryAccess({ servers, writer, keys }: RegisterTask): RegisterAccess {
  const connections = servers.map(({ address }) => new ServerConnection(address!));
  const writing = writersOf(writer, connections);
  let turn = 0;
  return {
    read: (place) => connections[turn++ % connections.length]!.registers.read(keys[place]!),
    write: async (place, value) => ({
      tag: await writing[place % writing.length]!.registers.write(keys[place]!, value),
    }),
    close: () => {
      for (const connection of connections) connection.close();
    },
  };
}

/** What is no answer of a server is a mistake in this program. */
export function asSynodError(error: unknown): SynodError {
  if (error instanceof SynodError) return error;
  throw error;
}

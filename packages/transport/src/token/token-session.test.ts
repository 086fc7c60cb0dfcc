import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import {
  TokenServiceService as methods,
  type Operation,
  type SessionResponse,
} from '../gen/synod/token/v1/token_service.js';
import { GrpcHost } from '../host/grpc-host.js';
import { cleanup } from '../testing/cleanup.js';
import { RegisterStand } from '../testing/index.js';
import { RawCalls } from '../testing/raw-calls.js';
import { until } from '../testing/until.js';
import type { TokenOperation, TokenOutcome } from './operation.js';
import type { TokenBackend, TokenCallOptions, TokenChanged } from './token-backend.js';
import { TokenConnection } from './token-connection.js';
import { tokenService } from './token-service.js';

const opened = cleanup(afterEach);
const token = {
  id: '',
  name: '',
  domain: { low: 0n, mid: 0n, high: 1n },
  partial: undefined,
  final: { x: 0n, hash: 0n },
};

/** Tokens whose operations last until they are given up, or finished by the test. */
class EndlessTokens implements TokenBackend {
  readonly signals = new Map<string, AbortSignal>();
  readonly #finish = new Map<string, (done: TokenChanged) => void>();

  create = (id: string, options?: TokenCallOptions): Promise<TokenChanged> => this.#begin(id, options);
  drop = (id: string, options?: TokenCallOptions): Promise<TokenChanged> => this.#begin(id, options);
  write: TokenBackend['write'] = async ({ id }, options) => ({
    partial: undefined,
    ...(await this.#begin(id, options)),
  });
  read: TokenBackend['read'] = async (id, options) => ({
    token: { ...token, id },
    ...(await this.#begin(id, options)),
  });
  list = (): readonly string[] => [...this.signals.keys()];
  keyOf = (id: string): string => id;

  /** Ids of the operations that were given up. */
  get givenUp(): string[] {
    return [...this.signals].filter(([, { aborted }]) => aborted).map(([id]) => id);
  }

  finish(...ids: string[]): void {
    for (const id of ids) this.#finish.get(id)!({ tag: [1, 'S1'] });
  }

  #begin(id: string, { signal }: TokenCallOptions = {}): Promise<TokenChanged> {
    this.signals.set(id, signal!);
    return new Promise((resolve, reject) => {
      this.#finish.set(id, resolve);
      signal!.addEventListener('abort', () => reject(new SynodError('cancelled', 'the caller gave up')));
    });
  }
}

let backend: EndlessTokens;
let host: GrpcHost;
let calls: TokenConnection;
beforeEach(async () => {
  backend = new EndlessTokens();
  const services = [tokenService(backend, { maxOperationsInFlight: 10 })];
  host = opened(await GrpcHost.listen({ address: '127.0.0.1:0', services }));
  calls = opened(new TokenConnection(host.address));
});

const read = (id: string): TokenOperation => ({ type: 'read', id });
const begun = (count: number): Promise<void> => until(() => backend.signals.size === count);

describe('nobody waits any more, and the search stops:', () => {
  test('of an operation of a session that is withdrawn; the others go on', async () => {
    const session = calls.session();
    const done: unknown[] = [];
    const submissions = ['a', 'b', 'c'].map((id) => session.submit(read(id), (result) => done.push(result)));
    await begun(3);
    expect(submissions[1]!.withdraw()).toBe(false);
    await until(() => backend.givenUp.length > 0);
    backend.finish('a', 'c');
    await until(() => done.length === 2);
    expect(done).toMatchObject([{ token: { id: 'a' } }, { token: { id: 'c' } }]);
    expect(backend.givenUp).toEqual(['b']);
  });

  test('a foreign client is still answered; numbers of nothing, or of what has ended, mean nothing', async () => {
    const call = opened(new RawCalls(host.address)).duplex(methods.session);
    const results: SessionResponse['results'] = [];
    call.on('data', (frame: SessionResponse) => results.push(...frame.results));
    const item = (number: number, id: string): { number: number; request: Operation } => ({
      number,
      request: { operation: { $case: 'read', value: { id } } },
    });
    call.write({ items: [item(1, 'a'), item(2, 'b')], withdrawn: [] });
    await begun(2);
    backend.finish('a');
    await until(() => results.length === 1);
    call.write({ items: [], withdrawn: [1n, 2n, 3n, 2n] });
    await until(() => results.length === 2);
    expect(results[1]).toEqual({
      number: 2,
      result: {
        result: { $case: 'failure', value: { code: 'cancelled', message: 'the caller gave up', definite: true } },
      },
    });
    expect(backend.givenUp).toEqual(['b']);
  });

  test('of all operations of a client that goes away; those of others go on', async () => {
    const other = opened(new TokenConnection(host.address));
    const kept = new Promise((resolve) => other.session().submit(read('kept'), resolve));
    const lost = new Promise((resolve) => calls.session().submit(read('lost'), resolve));
    const call = calls.drop('lost too').catch(({ code }: SynodError) => code);
    await begun(3);
    calls.close();
    await until(() => backend.givenUp.length === 2);
    expect(backend.givenUp.sort()).toEqual(['lost', 'lost too']);
    expect(await lost).toMatchObject({ code: 'cancelled', definite: false });
    expect(await call).toBe('cancelled');
    backend.finish('kept');
    expect(await kept).toMatchObject({ token: { id: 'kept' } });
  });

  test.each<[string, (calls: TokenConnection, options: { signal: AbortSignal }) => Promise<unknown>]>([
    ['create', (calls, options) => calls.create('a', options)],
    ['drop', (calls, options) => calls.drop('a', options)],
    ['write', (calls, options) => calls.write({ ...token, id: 'a' }, options)],
    ['read', (calls, options) => calls.read('a', options)],
  ])('of a call to %s that is given up', async (method, call) => {
    const given = new AbortController();
    const failed = expect(call(calls, { signal: given.signal })).rejects.toMatchObject({
      code: 'cancelled',
      definite: method === 'read',
    });
    await begun(1);
    given.abort();
    await failed;
    await until(() => backend.givenUp.length === 1);
  });

  test('of a call whose deadline has come', async () => {
    await calls.list(); // connects
    await expect(calls.read('a', { timeoutMs: 50 })).rejects.toMatchObject({ code: 'deadline', definite: true });
    await until(() => backend.givenUp.length === 1);
  });

  test('of what is still under way when the server has waited long enough to close', async () => {
    const lost = new Promise((resolve) => calls.session().submit(read('a'), resolve));
    const call = calls.read('b').catch((error: SynodError) => error);
    await begun(2);
    await host.close(1);
    expect(await lost).toMatchObject({ code: 'unavailable', definite: false });
    expect(await call).toMatchObject({ code: 'unavailable', definite: true });
    await until(() => backend.givenUp.length === 2);
  });
});

test('a session that is closed still gets the answers that are due', async () => {
  const session = calls.session();
  const answer = new Promise<TokenOutcome | SynodError>((resolve) => session.submit(read('a'), resolve));
  await begun(1);
  session.close();
  await calls.list();
  expect(backend.givenUp).toEqual([]);
  backend.finish('a');
  expect(await answer).toMatchObject({ token: { id: 'a' } });
});

test('what was given up makes room for others', async () => {
  const session = calls.session();
  const submissions = Array.from({ length: 10 }, (_, i) => session.submit(read(String(i)), () => undefined));
  await begun(10);
  await expect(calls.read('more')).rejects.toMatchObject({ code: 'resource_exhausted', definite: true });
  submissions[3]!.withdraw();
  await until(() => backend.givenUp.length === 1);
  const more = calls.read('more');
  await begun(11);
  backend.finish('more');
  expect(await more).toMatchObject({ token: { id: 'more' } });
});

test('a real search that is withdrawn ends long before its time, and stores nothing', async () => {
  const nodes = ['S1'];
  const tokens = [{ id: 'a', writer: 'S1', replicas: nodes, initial: undefined }];
  const stand = opened(await RegisterStand.serve({ nodes, tokens: { tokens, nodes } }));
  const call = opened(new RawCalls(stand.addresses[0]!)).duplex(methods.session);
  const domain = { low: 0n, mid: 9_999_999n, high: 10_000_000n };
  const write = { $case: 'write', value: { id: 'a', name: 'abc', domain } } as const;
  call.write({ items: [{ number: 1, request: { operation: write } }], withdrawn: [] });
  await until(() => stand.nodes[0]!.commands.length === 1);
  call.write({ items: [], withdrawn: [1n] });
  const [frame] = (await call.take(1).toArray()) as SessionResponse[];
  expect(frame!.results).toMatchObject([{ number: 1, result: { result: { value: { code: 'cancelled' } } } }]);
  expect(stand.nodes[0]!.commands).toEqual([{ type: 'read', key: 'token/a' }]);
});

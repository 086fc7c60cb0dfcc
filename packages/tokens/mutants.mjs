// Mistakes in the rules of tokens (docs/registers.md), each noticed by the test it names; see
// tools/mutants.mjs.

const manager = 'src/token-manager.test.ts';

export const mutants = [
  {
    name: 'the greatest x on ties',
    rule: 'ties take the least x',
    file: 'src/arg-min.ts',
    find: 'return b.hash === a.hash && b.x < a.x ? b : a;',
    replace: 'return b.hash === a.hash ? b : a;',
    killedBy: { file: 'src/arg-min.test.ts', test: 'of equal hashes the least x' },
  },
  {
    name: 'numbers that pass through doubles',
    rule: 'domain low <= mid < high (uint64)',
    file: 'src/arg-min.ts',
    find: 'for (let x = low; x < high; x++) yield x;',
    replace: 'for (let x = low; x < high; x++) yield Number(x);',
    killedBy: { file: 'src/arg-min.test.ts', test: 'ends around and beyond doubles are exact' },
  },
  {
    name: 'a search that goes on without its caller',
    rule: 'cancelled when the caller goes away',
    file: 'src/final-states.ts',
    find: '        search.abort.abort();',
    replace: '',
    killedBy: { file: manager, test: 'readers share a search' },
  },
  {
    name: 'a bound that looks at the first part only',
    rule: 'write checks the whole [low, high)',
    file: 'src/token-manager.ts',
    find: '    checkDomain(domain);\n    this.#pool.checkRange(domain.low, domain.high);',
    replace: '    checkDomain(domain);\n    this.#pool.checkRange(domain.low, domain.mid);',
    killedBy: { file: manager, test: 'a range that is too long, though its first part is not' },
  },
  {
    name: 'changes that overtake one another',
    rule: 'create, drop and write of a token run one at a time at its single writer',
    file: 'src/turns.ts',
    find: '(this.#last.get(key) ?? Promise.resolve()).then(task)',
    replace: 'Promise.resolve().then(task)',
    killedBy: { file: manager, test: 'changes of a token wait for one another' },
  },
  {
    name: 'a write that trusts what was known before a drop',
    rule: "an answer that rests on the token's state is a read",
    file: 'src/token-manager.ts',
    find: '      this.#live.delete(id);\n',
    replace: '',
    killedBy: { file: manager, test: 'after a drop of unknown outcome a write asks again' },
  },
  {
    name: 'a configured token that can be created',
    rule: 'configured tokens exist from the start; create: a live token is an error',
    file: 'src/token-manager.ts',
    find: "if (kind !== 'deleted') throw new SynodError('exists'",
    replace: "if (kind === 'value') throw new SynodError('exists'",
    killedBy: { file: manager, test: 'it exists from the start, never written' },
  },
  {
    name: 'an initial domain that raises a dropped token',
    rule: 'written once, only if its quorum query finds no cell',
    file: 'src/token-manager.ts',
    find: "if ((await this.#read(id)).kind !== 'empty') return;",
    replace: "if ((await this.#read(id)).kind === 'value') return;",
    killedBy: { file: manager, test: 'are not written where the token was dropped' },
  },
  {
    name: 'a final state remembered for another name',
    rule: 'final depends on (name, domain)',
    file: 'src/final-states.ts',
    find: 'return a.name === b.name && a.domain.low',
    replace: 'return a.domain.low',
    killedBy: { file: manager, test: 'the final state is computed once, and again for another name' },
  },
];

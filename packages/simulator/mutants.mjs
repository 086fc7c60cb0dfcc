// Mistakes after which peers no longer notice that a disk has lost what it confirmed. Each, put into the source, must be
// noticed by the test it names; see tools/mutants.mjs.

const lostWrites = 'src/lost-writes.test.ts';

export const mutants = [
  {
    name: 'a message that does not say how many writes it rests on',
    rule: 'whatever a peer was told, it remembers what that rested on',
    file: '../kernel/src/loop.ts',
    find: 'this.#transport.send(outgoing, this.#storage.lastNumber)',
    replace: 'this.#transport.send(outgoing, 0)',
    killedBy: { file: lostWrites, test: 'at once by a peer that got a message' },
  },
  {
    name: 'a number that only messages carry',
    rule: 'a peer that no message goes to hears of a write within 100 ms',
    file: '../kernel/src/loop.ts',
    find: 'this.#transport.announce(this.#storage.lastNumber);',
    replace: '',
    killedBy: { file: lostWrites, test: 'by every peer that was linked for 100 ms' },
  },
  {
    name: 'a disk judged by what it holds now',
    rule: 'a write is known by its number and the opening that made it',
    file: '../kernel/src/witness.ts',
    find: 'return earlier[at + 1]?.after ?? recovered;',
    replace: 'return recovered;',
    killedBy: { file: lostWrites, test: 'however much the node has written since' },
  },
  {
    name: 'a memory that ends with the process',
    rule: 'what is remembered goes with the next write',
    file: '../kernel/src/loop.ts',
    find: 'if (memory !== undefined) batch.push',
    replace: 'if (memory === null) batch.push',
    killedBy: { file: lostWrites, test: 'by peers that were restarted since' },
  },
  {
    name: 'another disk judged by what is known of the former',
    rule: 'of another disk the memory starts anew',
    file: '../kernel/src/witness.ts',
    find: 'if (known?.disk !== disk) {',
    replace: 'if (known === undefined) {',
    killedBy: { file: lostWrites, test: 'another disk is welcome' },
  },
  {
    name: 'a refusal that is forgotten',
    rule: 'a disk that was refused is not used again, whoever is there',
    file: '../kernel/src/loop.ts',
    find: 'this.#witness.condemn(reason);',
    replace: '',
    killedBy: { file: lostWrites, test: 'the node knows it from then on' },
  },
];

// Mistakes in what every protocol stands on: the loop, the quorum, the order of names. Each, put into the source, must be
// noticed by the test it names; see tools/mutants.mjs.

const loop = 'src/loop.test.ts';
const loopEnd = 'src/loop-end.test.ts';
const naturalOrder = 'src/natural-order.test.ts';
const quorum = 'src/quorum.test.ts';

export const mutants = [
  {
    name: 'answers released before what they rest on is durable',
    rule: 'known mistake: state persisted after the answer',
    file: 'src/loop.ts',
    find: '    this.#storage.write(batch, (error) => {\n      if (this.#state',
    replace: `    this.#storage.write(batch, () => {});
    this.#clock.soon(() => {
      const error = undefined;
      if (this.#state`,
    killedBy: { file: loop, test: 'nothing is released before the write ends' },
  },
  {
    name: 'an output that overtakes those before it',
    rule: 'an output that persists nothing waits for those before it',
    file: 'src/loop.ts',
    find: '    if (this.#underWay) return;\n    const group = this.#group;',
    replace: `    if (this.#underWay && this.#unwritten.size > 0) return;
    const group = this.#group;`,
    killedBy: { file: loop, test: 'does not overtake one that is not durable yet' },
  },
  {
    name: 'a message to oneself that arrives before it is durable',
    rule: 'messages to oneself go the same way',
    file: 'src/loop.ts',
    find: '    this.#group.push({ input, output });',
    replace: `    this.#group.push({ input, output });
    for (const { to, message } of output.send.filter(({ to }) => to === this.#self)) {
      this.#take({ kind: 'deliver', from: to, message });
    }`,
    killedBy: { file: loop, test: 'wait until they are durable' },
  },
  {
    name: 'what is gathered told by each input',
    rule: 'gathered over the inputs of a turn, and told at once',
    file: 'src/loop.ts',
    find: '    this.#group.push({ input, output });',
    replace: `    this.#group.push({ input, output });
    if (input.kind !== 'turn' && this.#machine.hasGathered) this.#step({ kind: 'turn' }, now);`,
    killedBy: { file: loop, test: 'is told once, after the last input' },
  },
  {
    name: 'answers released although their write failed',
    rule: 'a write failed: the store is poisoned, the process exits',
    file: 'src/loop.ts',
    find: 'if (error) return this.#fail(error);',
    replace: '',
    killedBy: { file: loopEnd, test: 'what waited for it is not released' },
  },
  {
    name: 'a quorum of half the members',
    rule: 'known mistake: quorum N/2',
    file: 'src/quorum.ts',
    find: 'return Math.floor(members / 2) + 1;',
    replace: 'return Math.ceil(members / 2);',
    killedBy: { file: quorum, test: 'any two quorums of one membership share a member' },
  },
  {
    name: 'a quorum of those who were named, twice or not',
    rule: 'each node counted once (itself too)',
    file: 'src/quorum.ts',
    find: 'this.size = quorumSize(this.#count);',
    replace: 'this.size = quorumSize(members.length);',
    killedBy: { file: quorum, test: 'a membership that names a node twice has it once' },
  },
  {
    name: 'names in alphabetical order',
    rule: 'natural order, S2 before S10',
    file: 'src/natural-order.ts',
    find: 'if (left.length !== right.length) return left.length - right.length;\n    return left',
    replace: 'return left',
    killedBy: { file: naturalOrder, test: 'S2 stands before S10' },
  },
];

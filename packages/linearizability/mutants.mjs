// A checker that is wrong in silence is worse than none. Each of these mistakes, put into the source, must be noticed
// by the test it names; see tools/mutants.mjs.

const agreement = 'src/agreement.test.ts';
const check = 'src/check-history.test.ts';
const tags = 'src/check-tags.test.ts';

export const mutants = [
  {
    name: 'equal times taken for an order',
    rule: 'a precedes b if it had ended when b began (Herlihy and Wing)',
    file: 'src/operation.ts',
    find: 'return endOf(a) < b.start;',
    replace: 'return endOf(a) <= b.start;',
    killedBy: { file: agreement, test: 'a read of what was not written yet' },
  },
  {
    name: 'zones that touch taken for a conflict',
    rule: 'strictly inside: equal times must not conflict',
    file: 'src/zones.ts',
    find: 'if (candidate && candidate.firstEnd < zone.lastStart)',
    replace: 'if (candidate && candidate.firstEnd <= zone.lastStart)',
    killedBy: { file: agreement, test: 'unique writes: zones, search and brute force agree' },
  },
  {
    name: 'a zone that hides its rival behind itself',
    rule: 'the least one of another value, since no zone rivals itself',
    file: 'src/zones.ts',
    find: 'if (zone.value !== first.value) return [zone, first];',
    replace: 'if (zone.value !== first.value) return [zone];',
    killedBy: { file: 'src/zones.test.ts', test: 'forward zones that overlap' },
  },
  {
    name: 'reads from the future let pass',
    rule: 'no read ends before its write begins',
    file: 'src/check-unique-writes.ts',
    find: '  if (early) return early;',
    replace: '',
    killedBy: { file: check, test: 'a value from the future' },
  },
  {
    name: 'a failed write counted as a write',
    rule: 'a write that failed did not happen',
    file: 'src/value-groups.ts',
    find: "else if (outcome === 'fail') group.failed.push(operation);",
    replace: '',
    killedBy: { file: agreement, test: 'a write that failed after all' },
  },
  {
    name: 'an unknown outcome taken for a failure',
    rule: 'info: it may have happened at any time after its start, or not at all',
    file: 'src/value-groups.ts',
    find: "else if (outcome === 'fail') group.failed.push(operation);",
    replace: "else if (outcome !== 'ok') group.failed.push(operation);",
    killedBy: { file: check, test: 'a write of unknown outcome that happened' },
  },
  {
    name: 'an unknown outcome that the search insists on',
    rule: 'what never returned need not be placed',
    file: 'src/search.ts',
    find: 'entries.returns > 0; steps++',
    replace: 'entries.head.next !== entries.head; steps++',
    killedBy: { file: 'src/search.test.ts', test: 'a call that could not have happened' },
  },
  {
    name: 'a search that remembers what was placed, but not the state',
    rule: 'visits no pair of (operations placed, state) twice',
    file: 'src/search.ts',
    find: 'placed.identify() + model.identify(next.state)',
    replace: 'placed.identify()',
    killedBy: { file: agreement, test: 'repeated writes: zones, search and brute force agree' },
  },
  {
    name: 'a counterexample that leaves out a write that is read',
    rule: 'writes of a value that is read stay',
    file: 'src/shrink.ts',
    find: "isOutside(i) || (f === 'write' && read.has(value))",
    replace: "isOutside(i) || (f === 'write' && value === read)",
    killedBy: { file: agreement, test: 'repeated writes: a counterexample is violated itself, and' },
  },
  {
    name: 'a counterexample of whole values',
    rule: 'together they are as few as possible',
    file: 'src/check-unique-writes.ts',
    find: 'return findConflict(whole, whole) && smallestConflict(groups, initial);',
    replace: `const conflict = findConflict(whole, whole);
  return conflict && explainConflict(...conflict);`,
    killedBy: { file: agreement, test: 'no part of the history with fewer operations is violated' },
  },
  {
    name: 'a limit that answers violated',
    rule: 'bounded by steps or time: unknown',
    file: 'src/search.ts',
    find: "return 'unknown';",
    replace: "return 'violated';",
    killedBy: { file: check, test: 'beyond the limits the answer is unknown' },
  },
  {
    name: 'tags compared by writer as text',
    rule: 'S2 before S10',
    file: 'src/check-tags.ts',
    find: 'compareInstants(counter, otherCounter) || compareNatural(writer, otherWriter)',
    replace: 'compareInstants(counter, otherCounter) || (writer < otherWriter ? -1 : Number(writer > otherWriter))',
    killedBy: { file: tags, test: 'writers in natural order' },
  },
  {
    name: 'a write that may repeat a tag',
    rule: 'what begins after another operation has ended carries no smaller tag, and a write a greater one',
    file: 'src/check-tags.ts',
    find: "(order === 0 && operation.f === 'read')",
    replace: 'order === 0',
    killedBy: { file: tags, test: 'a write that repeats a tag it could know' },
  },
];

// Known mistakes of implementations in the field, and rules whose absence was seen to break safety or liveness
// (docs/ledger.md). Each, put into the source, must be noticed by the test it names; see tools/mutants.mjs.

const acceptor = 'src/acceptor.test.ts';
const acquaintance = 'src/acquaintance.test.ts';
const acquaintanceSource = 'src/acquaintance.ts';
const attempt = 'src/attempt.test.ts';
const bounded = 'src/bounded.test.ts';
const consensus = 'src/consensus.test.ts';
const localLog = 'src/local-log.test.ts';
const paper = 'src/paxos-made-simple.test.ts';
const scenarios = 'src/scenarios.test.ts';

export const mutants = [
  {
    name: 'a quorum of half the servers',
    rule: 'known mistake: quorum N/2',
    file: '../kernel/src/quorum.ts',
    find: 'return Math.floor(members / 2) + 1;',
    replace: 'return Math.ceil(members / 2);',
    killedBy: { file: paper, test: 'of four servers, halves choose nothing' },
  },
  {
    name: 'a quorum of the live servers',
    rule: 'known mistake: quorum of the *live* servers',
    file: 'src/proposer.ts',
    find: `    attempt.promises.set(from, message);
    if (!attempt.heard.reached) return;`,
    replace: '    attempt.promises.set(from, message);',
    killedBy: { file: consensus, test: 'a quorum of all servers, whoever is connected' },
  },
  {
    name: 'ballots compared without the server',
    rule: 'known mistake: ballots compared without the server id',
    file: 'src/ballot.ts',
    find: 'return a.round - b.round || compareNatural(a.server, b.server);',
    replace: 'return a.round - b.round;',
    killedBy: { file: acceptor, test: 'the same round of a greater server' },
  },
  {
    name: 'a commit that clears the whole local log',
    rule: 'known mistake: commit clearing the whole local log',
    file: 'src/local-log.ts',
    find: '    for (const { owner, sequence } of committed) {',
    replace: '    for (const { owner, sequence } of [...committed, ...this.#entries.values()]) {',
    killedBy: { file: localLog, test: 'removes exactly what a block holds' },
  },
  {
    name: 'sequence numbers that start again after a commit',
    rule: 'known mistake: sequence numbers reused after a commit',
    file: 'src/local-log.ts',
    find: 'sequence: ++this.#last, value',
    replace: 'sequence: (this.#last = this.#entries.size + 1), value',
    killedBy: { file: localLog, test: 'never uses a number twice' },
  },
  {
    name: 'sequence numbers that start again after a restart',
    rule: 'known mistake: sequence numbers reused after a commit',
    file: 'src/recovery.ts',
    find: 'log.recoverCommitted(chain.committedSequence(log.owner));',
    replace: '',
    killedBy: { file: scenarios, test: '12-restart' },
  },
  {
    name: 'an accepted value forgotten when a higher ballot is promised',
    rule: 'known mistake: accepted values reset too early, forking the chain',
    file: 'src/acceptor.ts',
    find: `    this.#promise(ballot, height, effects);
    return true;`,
    replace: `    this.#promise(ballot, height, effects);
    this.#accepted = undefined;
    return true;`,
    killedBy: { file: scenarios, test: '05-acceptor' },
  },
  {
    name: 'an accepted value lost in a crash',
    rule: 'known mistake: accepted values reset too early, forking the chain',
    file: 'src/acceptor.ts',
    find: "    effects.put(paxosKeys.accepted, { kind: 'accepted', ballot, block });",
    replace: '',
    killedBy: { file: scenarios, test: '05-acceptor' },
  },
  {
    name: 'an accepted value never forgotten',
    rule: 'at commit … forget the accepted value of that height',
    file: 'src/acceptor.ts',
    find: '    if (this.#accepted === undefined) return;',
    replace: '    return;',
    killedBy: { file: acceptor, test: 'what was accepted for it is forgotten' },
  },
  {
    name: 'a promise forgotten at commit',
    rule: 'at commit … keep the promise',
    file: 'src/acceptor.ts',
    find: '    this.#accepted = undefined;\n    effects.put(paxosKeys.accepted, undefined);',
    replace:
      '    this.#accepted = undefined;\n    this.#promised = noBallot;\n    effects.put(paxosKeys.accepted, undefined);',
    killedBy: { file: scenarios, test: '06-heights' },
  },
  {
    name: 'accepted values merged with fresh logs',
    rule: 'known mistake: merging accepted values with fresh logs',
    file: 'src/attempt.ts',
    find: `    if (highest) return { kind: 'accepted', block: highest.block };
    const entries: Entry<T>[] = [];`,
    replace: '    const entries: Entry<T>[] = [...(highest?.block.entries ?? [])];',
    killedBy: { file: attempt, test: 'and no log beside it' },
  },
  {
    name: 'a value rule that takes the first accepted block, not the one of the highest ballot',
    rule: 'propose the one of the highest ballot, unchanged',
    file: 'src/attempt.ts',
    find: 'if (accepted && (!highest || compareBallots(accepted.ballot, highest.ballot) > 0)) highest = accepted;',
    replace: 'if (accepted && !highest) highest = accepted;',
    killedBy: { file: scenarios, test: '03-value-rule' },
  },
  {
    name: "a value rule without the proposer's own promise",
    rule: "any promise, the proposer's own included (8 forks)",
    file: 'src/attempt.ts',
    find: 'for (const { accepted } of this.promises.values()) {',
    replace: `for (const [server, { accepted }] of this.promises) {
      if (server === this.ballot.server) continue;`,
    killedBy: { file: scenarios, test: '04-own-promise-counts' },
  },
  {
    name: 'a block whose ballot is rewritten when it is proposed again',
    rule: 'ballot and proposer of its first proposal … never rewritten: 92 forks',
    file: 'src/proposer.ts',
    find: 'attempt.proposal = { block: chosen.block, fresh: false, more: false };',
    replace: 'attempt.proposal = { block: makeBlock({ ...chosen.block, ballot }, codec), fresh: false, more: false };',
    killedBy: { file: scenarios, test: '03-value-rule' },
  },
  {
    name: 'a hash without the ballot',
    rule: 'ballot and proposer of its first proposal: part of its hash',
    file: 'src/block.ts',
    find: '  writeBallot(writer, block.ballot);\n  writer.number(block.entries.length);',
    replace: '  writer.number(block.entries.length);',
    killedBy: { file: 'src/block.test.ts', test: 'first proposer' },
  },
  {
    name: 'blocks in alphabetical order',
    rule: 'its transfers by owner in natural order, then sequence',
    file: 'src/block.ts',
    find: 'a.sequence - b.sequence : compareNatural(a.owner, b.owner)',
    replace: 'a.sequence - b.sequence : a.owner < b.owner ? -1 : 1',
    killedBy: { file: 'src/block.test.ts', test: 'by owner in natural order' },
  },
  {
    name: 'an empty block',
    rule: 'never an empty block; a proposer that ends without a block says so',
    file: 'src/attempt.ts',
    find: 'if (entries.length === 0 && !change) return undefined;',
    replace: '',
    killedBy: { file: consensus, test: 'empty: nobody has anything' },
  },
  {
    name: 'a proposer that ends in silence',
    rule: 'a proposer that ends without a block says so',
    file: 'src/proposer.ts',
    find: "      this.#tellOthers({ type: 'withdraw', ballot, height }, effects);",
    replace: '',
    killedBy: { file: consensus, test: 'empty: nobody has anything' },
  },
  {
    name: 'who is behind decided by ballots',
    rule: 'known mistake: comparing ballots to decide who is behind',
    file: 'src/consensus.ts',
    find: `    if (height > this.#chain.height) return this.#catchUp.fetch(from, height, ballot, effects, now);
    if (height < this.#chain.height) return effects.to(from, this.#status());`,
    replace: `    const order = compareBallots(ballot, this.#acceptor.promised);
    if (order > 0) return this.#catchUp.fetch(from, height, ballot, effects, now);
    if (order < 0) return effects.to(from, this.#status());`,
    killedBy: { file: scenarios, test: '08-catch-up' },
  },
  {
    name: 'the default reply of a dead server counted as a promise',
    rule: "known mistake: a dead server's default reply counted as a promise",
    file: 'src/attempt.ts',
    find: 'return reply.height === this.height && sameBallot(reply.ballot, this.ballot);',
    replace: `return (
      reply.ballot.round === 0 || (reply.height === this.height && sameBallot(reply.ballot, this.ballot))
    );`,
    killedBy: { file: attempt, test: 'the default reply of a dead server' },
  },
  {
    name: 'late replies counted: the ballot is not looked at',
    rule: 'every message names ballot and height; a reply counts only if both match the running phase (290)',
    file: 'src/attempt.ts',
    find: 'return reply.height === this.height && sameBallot(reply.ballot, this.ballot);',
    replace: 'return reply.height === this.height;',
    killedBy: { file: attempt, test: 'it answers an earlier attempt' },
  },
  {
    name: 'late replies counted: the height is not looked at',
    rule: 'every message names ballot and height; a reply counts only if both match the running phase (290)',
    file: 'src/attempt.ts',
    find: 'return reply.height === this.height && sameBallot(reply.ballot, this.ballot);',
    replace: 'return sameBallot(reply.ballot, this.ballot);',
    killedBy: { file: attempt, test: 'it answers another height' },
  },
  {
    name: 'a reply counted twice',
    rule: 'Chosen at a quorum, each server once',
    file: 'src/proposer.ts',
    find: 'if (attempt?.proposal === undefined || !attempt.matches(message) || !attempt.heard.add(from)) return;',
    replace: `if (attempt?.proposal === undefined || !attempt.matches(message)) return;
    attempt.heard.add(attempt.heard.has(from) ? attempt.missing(this.#context.members)[0]! : from);`,
    killedBy: { file: consensus, test: 'a server counts once, however often it answers' },
  },
  {
    name: 'sync that applies a block twice',
    rule: 'known mistake: sync that applies a block twice',
    file: 'src/consensus.ts',
    find: `      if (block.height <= this.#chain.height) continue;
      if (block.height > this.#chain.height + 1 || this.disk.replaced) break;
      invariant(this.#chain.fits(block), \`committed block \${block.height} does not continue our chain\`);
      this.#append(block, effects, now);`,
    replace: `      if (block.height > this.#chain.height + 1) break;
      if (block.height === this.#chain.height + 1) this.#append(block, effects, now);
      else this.#options.application.apply(block, effects, now);`,
    killedBy: { file: consensus, test: 'applies every block once' },
  },
  {
    name: 'a chain that takes a block twice',
    rule: 'each (owner, sequence) in one block at most, without gaps per owner',
    file: 'src/chain.ts',
    find: 'invariant(sequence === before + 1,',
    replace: 'invariant(sequence > 0,',
    killedBy: { file: 'src/chain.test.ts', test: 'an entry twice' },
  },
  {
    name: 'a promise that is never durable',
    rule: 'known mistake: state persisted after the answer',
    file: 'src/acceptor.ts',
    find: "    effects.put(paxosKeys.promised, { kind: 'promised', ballot, height });",
    replace: '',
    killedBy: { file: scenarios, test: '05-acceptor' },
  },
  {
    name: 'answers released before what they rest on is durable',
    rule: 'known mistake: state persisted after the answer',
    file: '../kernel/src/loop.ts',
    find: `    this.#storage.write(batch, (error) => {
      if (this.#state === 'stopped') return;
      if (error) return this.#fail(error);
      try {`,
    replace: `    this.#storage.write(batch, () => {});
    this.#clock.soon(() => {
      if (this.#state === 'stopped') return;
      try {`,
    killedBy: { file: paper, test: 'an acceptor in the middle of its write has promised and accepted nothing yet' },
  },
  {
    name: 'a round number that is not durable',
    rule: 'a round number is never reused, restarts included',
    file: 'src/proposer.ts',
    find: "    effects.put(paxosKeys.round, { kind: 'round', round: this.#issued });",
    replace: '',
    killedBy: { file: consensus, test: 'a round is durable before the ballot is sent' },
  },
  {
    name: 'a round number that is not read at start',
    rule: 'a round number is never reused, restarts included',
    file: 'src/proposer.ts',
    find: '    this.#issued = round;',
    replace: '    void round;',
    killedBy: { file: consensus, test: 'a round is durable before the ballot is sent' },
  },
  {
    name: 'an attempt that takes the ballot of the one before',
    rule: 'each attempt takes a new ballot and prepares again',
    file: 'src/proposer.ts',
    find: 'this.#issued = Math.max(this.#issued, this.#highestSeen.round) + 1;',
    replace: 'this.#issued = Math.max(this.#issued, this.#highestSeen.round, 1);',
    killedBy: { file: consensus, test: 'each attempt takes a new one' },
  },
  {
    name: 'an Accept that does not raise the promise',
    rule: 'raising the promise to it in the same durable write (forks without)',
    file: 'src/acceptor.ts',
    find: `    this.#promise(ballot, height, effects);
    this.#accepted = { ballot, block };`,
    replace: '    this.#accepted = { ballot, block };',
    killedBy: { file: acceptor, test: 'raises the promise to the accepted ballot' },
  },
  {
    name: 'an Accept that raises the promise in memory only',
    rule: 'raising the promise to it in the same durable write (forks without)',
    file: 'src/acceptor.ts',
    find: `    this.#promise(ballot, height, effects);
    this.#accepted = { ballot, block };`,
    replace: `    this.#promised = ballot;
    this.#accepted = { ballot, block };`,
    killedBy: { file: acceptor, test: 'in the same durable write' },
  },
  {
    name: 'an Accept below the promise',
    rule: 'accepted if ballot >= promised',
    file: 'src/acceptor.ts',
    find: 'if (compareBallots(ballot, this.#promised) < 0) return false;',
    replace: '',
    killedBy: { file: scenarios, test: '05-acceptor' },
  },
  {
    name: 'a ballot promised twice, for two heights',
    rule: 'given only to a ballot *greater* than promised',
    file: 'src/acceptor.ts',
    find: 'if (compareBallots(ballot, this.#promised) <= 0) return false;',
    replace: 'if (compareBallots(ballot, this.#promised) < 0) return false;',
    killedBy: { file: acceptor, test: 'one ballot is promised for one height only' },
  },
  {
    name: 'a vote for a height above the own',
    rule: 'a server promises and accepts only for its own committed height + 1: … for a higher one it catches up first',
    file: 'src/consensus.ts',
    find: `      this.#catchUp.fetch(from, height - 1, ballot, effects, now);
      return false;`,
    replace: `      this.#catchUp.fetch(from, height - 1, ballot, effects, now);
      return true;`,
    killedBy: { file: scenarios, test: '06-heights' },
  },
  {
    name: 'a vote for a height that is committed',
    rule: 'a server promises and accepts only for its own committed height + 1: for a lower one it answers Nack',
    file: 'src/consensus.ts',
    find: 'if (height <= this.#chain.height) {',
    replace: 'if (height < this.#chain.height) {',
    killedBy: { file: scenarios, test: '06-heights' },
  },
  {
    name: 'a Nack without the blocks that are missing',
    rule: 'for a lower one it answers Nack with the blocks',
    file: 'src/consensus.ts',
    find: 'blocks: this.blocks(height),\n    });\n  }\n\n  #nack',
    replace: 'blocks: [],\n    });\n  }\n\n  #nack',
    killedBy: { file: scenarios, test: '06-heights' },
  },
  {
    name: 'a commit of whatever block was accepted',
    rule: 'a server without that very block fetches it (42 forks)',
    file: 'src/consensus.ts',
    find: 'if (block?.height === height && block.hash === hash)',
    replace: 'if (block?.height === height)',
    killedBy: { file: scenarios, test: '07-commit' },
  },
  {
    name: 'a fork that nobody notices',
    rule: 'committed chains are prefixes of one another',
    file: 'src/consensus.ts',
    find: '      hash === this.#chain.hash,',
    replace: '      hash.length > 0,',
    killedBy: { file: scenarios, test: '08-catch-up' },
  },
  {
    name: 'a block that does not wait for the connected rest',
    rule: 'then up to 500 ms for the rest that are connected, so that a block gathers every reachable log',
    file: 'src/proposer.ts',
    find: 'if (attempt.missing(attempt.gather ?? this.#context.responsive()).length === 0) {',
    replace: 'if (attempt.missing(attempt.gather ?? []).length === 0) {',
    killedBy: { file: scenarios, test: '02-gathers-who-is-connected' },
  },
  {
    name: 'a block whose entries stay in the log',
    rule: 'at commit, in one atomic durable write: … remove its (owner, sequence) pairs from the local log',
    file: 'src/consensus.ts',
    find: '    this.#log.remove(block.entries, effects);',
    replace: '    setImmediate(() => this.#log.remove(block.entries, effects));',
    killedBy: { file: scenarios, test: '01-one-round' },
  },
  {
    name: 'catch-up only when there are transfers',
    rule: 'also without transfers: … a background exchange closes gaps',
    file: 'src/consensus.ts',
    find: '      effects.toAll(this.#reach.linked, this.#status());\n    }\n    this.#proposer.wake',
    replace: '    }\n    this.#proposer.wake',
    killedBy: { file: scenarios, test: '08-catch-up' },
  },
  {
    name: 'a phase that is sent once',
    rule: 'phases are re-sent until they end',
    file: 'src/proposer.ts',
    find: '      attempt.missing(members),\n',
    replace: '      [],\n',
    killedBy: { file: scenarios, test: '02-gathers-who-is-connected' },
  },
  {
    name: 'patience that starts again with every attempt of a minority',
    rule: 'known mistake: a silent minority hanging its clients for ever',
    file: 'src/proposer.ts',
    find: '    this.#attempt = new Attempt({',
    replace: '    this.#patientSince = now;\n    this.#attempt = new Attempt({',
    killedBy: { file: bounded, test: 'two of five that beat one another' },
  },
  {
    name: 'patience that starts again with every block of a majority that does not hear us',
    rule: 'known mistake: a silent minority hanging its clients for ever',
    file: 'src/proposer.ts',
    find: 'if (!this.#wanted && now !== this.#interruptedAt) this.#patientSince = now;',
    replace: 'if (!this.#wanted) this.#patientSince = now;',
    killedBy: { file: bounded, test: 'a server that hears a busy majority which does not hear it' },
  },
  {
    name: 'a ballot that is waited for as often as it is repeated',
    rule: 'who sees a higher ballot waits at most one round timeout for its outcome',
    file: 'src/proposer.ts',
    find: 'if (this.#foreign && compareBallots(ballot, this.#foreign.ballot) <= 0) return;',
    replace: '',
    killedBy: { file: consensus, test: "somebody else's ballot gets one round's time once" },
  },
  {
    name: 'a wait for the outcome of a height that is decided',
    rule: 'waits at most one round timeout for its outcome, and only if that height is still open',
    file: 'src/proposer.ts',
    find: 'if (message.promisedFor <= this.#context.chain.height) return;',
    replace: '',
    killedBy: { file: scenarios, test: '09-duel' },
  },
  {
    name: 'a lost disk that a quorum which counts itself lets pass',
    rule: 'a server that finds its disk empty while any peer knows it refuses to start',
    file: 'src/acquaintance.ts',
    find: 'this.#others.length === 0 ? 0 : quorumSize(this.#others.length)',
    replace: 'quorumSize(members.length) - 1',
    killedBy: { file: acquaintance, test: 'S2 S3 before, S4 S5 after' },
  },
  {
    name: 'a new disk that votes before anybody knows it',
    rule: 'a server that finds its disk empty … would forget promises and reuse numbers',
    file: acquaintanceSource,
    find: "if (this.ready || type === 'introduce' || type === 'acquainted') return true;",
    replace: 'if (!this.waits) return true;',
    killedBy: { file: scenarios, test: '13-strangers' },
  },
  {
    name: 'a replacement that votes before the block which names it',
    rule: 'of two disks with one name, each height has one that votes',
    file: acquaintanceSource,
    find: "return this.waits && (type === 'status' || type === 'commit' || type === 'blocks');",
    replace: 'return this.waits;',
    killedBy: { file: scenarios, test: '16-replacement' },
  },
  {
    name: 'a replacement that takes part once its peers know it',
    rule: 'of two disks with one name, each height has one that votes',
    file: acquaintanceSource,
    find: "if (this.#standing === 'new' && height > 0) return this.#save('replacement', effects);",
    replace: '',
    killedBy: { file: acquaintance, test: 'a block names' },
  },
  {
    name: 'a replaced disk that goes on',
    rule: 'of two disks with one name, each height has one that votes',
    file: acquaintanceSource,
    find: 'own && own.disk !== this.#identity ? own : undefined',
    replace: "own && own.disk === '' ? own : undefined",
    killedBy: { file: scenarios, test: '17-replaced' },
  },
  {
    name: 'a replaced disk that takes the blocks after the one which says so',
    rule: 'of two disks with one name, each height has one that votes',
    file: 'src/consensus.ts',
    find: ' || this.disk.replaced) break;',
    replace: ') break;',
    killedBy: { file: scenarios, test: '17-replaced' },
  },
  {
    name: 'a replaced disk that starts again',
    rule: 'an old server that learns of it stops for good',
    file: 'src/recovery.ts',
    find: '  acquaintance.recovered();',
    replace: '',
    killedBy: { file: scenarios, test: '17-replaced' },
  },
  {
    name: 'a replacement whose numbers start at 1',
    rule: 'sequence numbers go on from those that the chain holds',
    file: 'src/local-log.ts',
    find: 'if (owner === this.owner) this.recoverCommitted(sequence);',
    replace: 'void [owner, sequence];',
    killedBy: { file: scenarios, test: '16-replacement' },
  },
  {
    name: 'a change that a value taken over makes forgotten',
    rule: 'a value taken over by the value rule goes first, then the change again',
    file: 'src/consensus.ts',
    find: "if (end.kind === 'no-quorum') this.#membership.giveUp();",
    replace: "if (end.kind !== 'fresh') this.#membership.giveUp();",
    killedBy: { file: scenarios, test: '15-replacing-after-another' },
  },
  {
    name: 'a change that the hash of its block does not cover',
    rule: "the change is part of the block's hash",
    file: 'src/block.ts',
    find: 'writeContent(writer, content, codec);\n  return',
    replace: 'writeContent(writer, { ...content, change: undefined }, codec);\n  return',
    killedBy: { file: 'src/block.test.ts', test: 'a change' },
  },
  {
    name: 'a replacement that vouches for a disk which has never taken part',
    rule: 'any two majorities of the others share a member that remembers',
    file: acquaintanceSource,
    find: 'if (this.since > 0 && !message.established) return;',
    replace: '',
    killedBy: { file: scenarios, test: '16-replacement' },
  },
  {
    name: 'a peer that has not heard of the replacement yet stops it',
    rule: 'a disk that a block names is judged by those that have that block',
    file: acquaintanceSource,
    find: 'if (height < this.since) return; // it has not heard yet',
    replace: '',
    killedBy: { file: scenarios, test: '16-replacement' },
  },
];

import type { NodeId } from '@synod/kernel';
import type { Transfer } from '@synod/ledger';
import type { Member, PaxosMessage } from '@synod/paxos';
import type * as ledger from '../gen/synod/ledger/v1/types.js';
import * as wire from '../gen/synod/paxos/v1/messages.js';
import { asBuffer } from './as-buffer.js';
import {
  hashLength,
  readBallot,
  readBallotOrNone,
  readBlock,
  readEntry,
  writeBlock,
  writeEntry,
} from './ledger-types.js';
import type { MessageCodec } from './message-codec.js';
import { parseMessage } from './parse-message.js';
import { hex, nonEmpty, positive, required, unhex } from './wire-checks.js';

type Content = NonNullable<wire.Message['content']>;

const identityLength = 8;

/** The ledger's messages between servers, as synod/paxos/v1/messages.proto. */
export const paxosMessageCodec: MessageCodec<PaxosMessage<Transfer>> = {
  encode: (message) => wire.Message.encode({ content: toContent(message) }).finish(),
  decode: (bytes) => fromContent(required(parseMessage(wire.Message, bytes).content, 'message')),
};

function toContent(message: PaxosMessage<Transfer>): Content {
  const { type, ballot, height } = message;
  switch (type) {
    case 'prepare':
    case 'accepted':
    case 'withdraw':
    case 'backfill':
      return { $case: type, value: { ballot, height } };
    case 'fetch':
      return { $case: type, value: { ballot, height, entries: message.entries, whole: message.whole } };
    case 'promise': {
      const { accepted, log, more, wants } = message;
      const acceptedBlock = accepted && { ballot: accepted.ballot, block: writeBlock(accepted.block) };
      return { $case: type, value: { ballot, height, accepted: acceptedBlock, log: log.map(writeEntry), more, wants } };
    }
    case 'nack': {
      const { promised, promisedFor, committed, blocks } = message;
      return {
        $case: type,
        value: { ballot, height, promised, promisedFor, committed, blocks: blocks.map(writeBlock) },
      };
    }
    case 'accept':
      return { $case: type, value: { ballot, height, block: writeBlock(message.block) } };
    case 'commit': {
      const { hash, next = '' } = message;
      return { $case: type, value: { ballot, height, hash: unhex(hash, hashLength), next } };
    }
    case 'status':
      return { $case: type, value: { ballot, height, hash: unhex(message.hash, hashLength) } };
    case 'blocks':
    case 'history':
      return { $case: type, value: { ballot, height, blocks: message.blocks.map(writeBlock) } };
    case 'snapshot': {
      const { hash, state } = message;
      const sequences = message.sequences.map(([owner, sequence]) => ({ owner, sequence }));
      const members = message.members.map(([server, member]) => ({ server, ...member }));
      return {
        $case: type,
        value: { ballot, height, hash: unhex(hash, hashLength), sequences, members, state: asBuffer(state) },
      };
    }
    case 'introduce': {
      const { established } = message;
      return { $case: type, value: { ballot, height, identity: unhex(message.identity, identityLength), established } };
    }
    case 'acquainted':
      return { $case: type, value: { ballot, height, identity: unhex(message.identity, identityLength) } };
  }
}

function fromContent({ $case: type, value }: Content): PaxosMessage<Transfer> {
  switch (type) {
    case 'prepare':
    case 'accepted':
    case 'withdraw':
      return { type, ...readProposal(value) };
    case 'promise': {
      const { accepted, log, more, wants } = value;
      return {
        type,
        ...readProposal(value),
        accepted: accepted && {
          ballot: readBallot(accepted.ballot, 'accepted.ballot'),
          block: readBlock(accepted.block),
        },
        log: log.map(readEntry),
        more,
        wants,
      };
    }
    case 'nack': {
      const { promised, promisedFor, committed, blocks } = value;
      return {
        type,
        ...readProposal(value),
        promised: readBallotOrNone(promised, 'promised'),
        promisedFor,
        committed,
        blocks: blocks.map(readBlock),
      };
    }
    case 'accept':
      return { type, ...readProposal(value), block: readBlock(value.block) };
    case 'commit': {
      const { hash, next } = value;
      return { type, ...readProposal(value), hash: hex(hash, hashLength, 'hash'), next: next || undefined };
    }
    case 'status':
      return { type, ...readStanding(value), hash: hex(value.hash, hashLength, 'hash') };
    case 'fetch':
      return {
        type,
        ...readStanding(value),
        height: positive(value.height, 'height'),
        entries: value.entries,
        whole: value.whole,
      };
    case 'blocks':
      return { type, ...readStanding(value), blocks: value.blocks.map(readBlock) };
    case 'snapshot': {
      const { height, hash, sequences, members, state } = value;
      return {
        type,
        ...readStanding(value),
        height: positive(height, 'height'),
        hash: hex(hash, hashLength, 'hash'),
        sequences: sequences.map(readSequence),
        members: members.map(readMember),
        state,
      };
    }
    case 'backfill':
      return { type, ...readStanding(value), height: positive(value.height, 'height') };
    case 'history':
      return {
        type,
        ...readStanding(value),
        height: positive(value.height, 'height'),
        blocks: value.blocks.map(readBlock),
      };
    case 'introduce': {
      const { established } = value;
      return { type, ...readStanding(value), identity: hex(value.identity, identityLength, 'identity'), established };
    }
    case 'acquainted':
      return { type, ...readStanding(value), identity: hex(value.identity, identityLength, 'identity') };
  }
}

function readSequence({ owner, sequence }: wire.CommittedSequence): readonly [NodeId, number] {
  return [nonEmpty(owner, 'sequences.owner'), positive(sequence, 'sequences.sequence')];
}

function readMember({ server, height, disk, address, sequence }: wire.Member): readonly [NodeId, Member] {
  const member = {
    height: positive(height, 'members.height'),
    disk: nonEmpty(disk, 'members.disk'),
    address: nonEmpty(address, 'members.address'),
    sequence,
  };
  return [nonEmpty(server, 'members.server'), member];
}

interface Named {
  readonly ballot: ledger.Ballot | undefined;
  readonly height: number;
}

/** A message of a running proposal: some server made its ballot, for a height that can be decided. */
function readProposal({ ballot, height }: Named) {
  return { ballot: readBallot(ballot, 'ballot'), height: positive(height, 'height') };
}

/** A message of the background exchange: its sender may have seen no ballot and committed no block yet. */
function readStanding({ ballot, height }: Named) {
  return { ballot: readBallotOrNone(ballot, 'ballot'), height };
}

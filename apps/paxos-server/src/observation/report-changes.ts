import type { Input, Output } from '@synod/kernel';
import type { LedgerProtocol } from '@synod/ledger';
import type { ReportChange } from '@synod/transport/server';

type RecordKind = LedgerProtocol['record']['kind'];
type MessageType = LedgerProtocol['message']['type'];

/** Height and readiness. */
const stateRecords: ReadonlySet<RecordKind> = new Set<RecordKind>(['block', 'head', 'missing', 'identity']);
/** The proposer begins, goes on to phase 2, or ends without a block; catching up begins. */
const stateMessages: ReadonlySet<MessageType> = new Set<MessageType>(['prepare', 'accept', 'withdraw', 'fetch']);
/** They end a round, or catching up, without a trace. */
const stateInputs: ReadonlySet<MessageType> = new Set<MessageType>(['nack', 'blocks', 'snapshot', 'history']);

/** What a step changed of what a server reports about itself; undefined for a question that was answered. */
export function changeIn(output: Output<LedgerProtocol>, input: Input<LedgerProtocol>): ReportChange | undefined {
  if (input.kind === 'link') return 'state';
  if (input.kind === 'deliver' && stateInputs.has(input.message.type)) return 'state';
  if (output.send.some(({ message }) => stateMessages.has(message.type))) return 'state';
  if (output.persist.some(({ value }) => value !== undefined && stateRecords.has(value.kind))) return 'state';
  return output.persist.length > 0 ? 'figures' : undefined;
}

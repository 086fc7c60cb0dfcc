/**
 * What the `synod` command is made of, for other faces of it: clusters of local processes, transaction files being
 * played, the table of menu commands and the facts they find, and histories being recorded while servers fail.
 *
 * @packageDocumentation
 */
export { LedgerCluster, type InitialBalance, type KnownLedger } from './cluster/ledger-cluster.js';
export { LedgerView, type ServerState } from './cluster/ledger-view.js';
export { RegisterCluster, type KnownRegisters } from './cluster/register-cluster.js';
export { LocalCluster, type LocalClusterOptions } from './local-cluster/local-cluster.js';
export { LocalRegisters, type LocalRegistersOptions } from './local-cluster/local-registers.js';
export { LocalServers, type Ending, type LocalServersOptions } from './local-cluster/local-servers.js';
export { main } from './main.js';
export type { Argument, Command, CommandOptions } from './menu/command.js';
export { commands } from './menu/commands.js';
export type { Facts, SetFacts } from './menu/facts.js';
export type { ArgumentKind, KnownNames, RegisterNames } from './menu/known-names.js';
export { Interpreter, type Taken, type Tell } from './menu/interpreter.js';
export { LedgerOperator, type LedgerOperatorOptions } from './menu/ledger-operator.js';
export { Operator, type OperatorOptions } from './menu/operator.js';
export { parseLine, type ParsedLine } from './menu/parse.js';
export { RegisterOperator, type RegisterOperatorOptions } from './menu/register-operator.js';
export type { Processes, ServerCommands, ServerForecast } from './menu/server-commands.js';
export type { BegunSet, Fate, FateRow, PlayedTransfer, PlayObserver } from './play/fates.js';
export { dumpLedger, type LedgerDump } from './play/ledger-dump.js';
export { Player, type PlayerOptions } from './play/player.js';
export type { RunResult, SetResult } from './play/run-result.js';
export {
  faultClasses,
  faultClassNames,
  faultKinds,
  type Fault,
  type FaultClass,
  type FaultKind,
} from './nemesis/fault.js';
export { FaultyServers, type FaultyServersOptions } from './nemesis/faulty-servers.js';
export type { LocalMachines } from './nemesis/local-machines.js';
export { Nemesis, type Breakable, type FaultEvent, type NemesisOptions } from './nemesis/nemesis.js';
export { record, type RecordingOptions } from './record/recording.js';
export { Recorder } from './record/recorder.js';
export { summarise, type Outcomes, type RecordingSummary } from './record/summary.js';
export { Workload, type Subject, type WorkloadOptions } from './record/workload.js';

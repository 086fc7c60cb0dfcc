import type { Input, NodeId, Output } from '@synod/kernel';
import type { RegisterMessage } from '../messages.js';
import type { Replication } from '../options.js';
import type { RegisterCommand, RegisterProtocol, RegisterResult } from '../protocol.js';
import { life, LoneNode } from './lone-node.js';
import { bytes, parseMessage, showMessage, showRecord, showReplacement, text } from './notation.js';

/**
 * Plays a scenario with one node, and returns its text with the effects that really came. In the text
 *
 *     node S1 of S1 S2 S3      the node played, known to its peers (`stranger S1 of …`: to nobody), and the members
 *     replacement S1 of S1 S2  an empty disk that is to replace that of S1
 *     writer a S1 of S1 S2 S3  who writes a key, or `any`, and its replicas
 *     > write a x              inputs: write, delete, read, inspect, `S2: <message>`, link S2 up, wait 200, restart,
 *                              replace S2 i9 host:port; those of one turn with ` | ` between
 *       S2 S3 < <message>      effects, indented
 *
 * all lines but inputs, declarations, comments and blanks are effects. (The form follows etcd-io/raft's scripts.)
 */
export function playScenario(scenario: string): string {
  const player = new Player();
  const lines = scenario.split('\n').filter((line) => !line.startsWith('  '));
  return lines.flatMap((line) => [line, ...player.play(line)]).join('\n');
}

class Player {
  readonly #replications = new Map<string, Replication>();
  readonly #replicaSets: Replication[] = [];
  #node: LoneNode | undefined;
  #operations = 0;

  /** The effects of one line. */
  play(line: string): string[] {
    const [keyword, ...words] = line.split(' ');
    switch (keyword) {
      case 'node':
        this.#start(words[0]!, words.slice(2)).beKnown();
        return [];
      case 'stranger':
        this.#start(words[0]!, words.slice(2));
        return [];
      case 'replacement':
        this.#start(words[0]!, words.slice(2), true);
        return [];
      case 'writer': {
        const replication = { writer: words[1]!, replicas: words.slice(3) };
        this.#replications.set(words[0]!, replication);
        this.#replicaSets.push(replication);
        return [];
      }
      case '>':
        return this.#input(words.join(' '));
      default:
        return [];
    }
  }

  #start(self: NodeId, members: readonly NodeId[], replacement = false): LoneNode {
    const replicaSetOf = (key: string): Replication | undefined => this.#replications.get(key);
    const replicaSets = this.#replicaSets;
    return (this.#node = new LoneNode({ self, members, replicaSetOf, replicaSets, replacement }));
  }

  #input(line: string): string[] {
    const node = this.#node!;
    const effects: string[] = [];
    const see = (output: Output<RegisterProtocol>): void => void effects.push(...show(output));
    const [verb, ms] = line.split(' ');
    try {
      if (verb === 'wait') node.wait(Number(ms), see);
      else if (verb === 'restart') node.restart();
      else
        node.turn(
          line.split(' | ').map((input) => this.#parse(input)),
          see,
        );
    } catch (error) {
      node.restart();
      effects.push(`  stops: ${(error as Error).message}`);
    }
    return effects;
  }

  #parse(line: string): Input<RegisterProtocol> {
    const message = /^(?<from>\w+): (?<message>.*)$/.exec(line)?.groups;
    if (message) return { kind: 'deliver', from: message['from']!, message: parseMessage(message['message']!) };
    const [verb, first, second, third] = line.split(' ');
    if (verb === 'link') return { kind: 'link', peer: first!, up: second === 'up' };
    return { kind: 'invoke', id: ++this.#operations, command: commandOf(verb!, first!, second, third) };
  }
}

function commandOf(verb: string, key: string, value: string | undefined, address: string | undefined): RegisterCommand {
  switch (verb) {
    case 'write':
      return { type: 'write', key, value: bytes(value!) };
    case 'replace':
      return { type: verb, node: key, disk: life(Number(value!.slice(1))), address: address! };
    case 'read':
    case 'delete':
    case 'inspect':
      return { type: verb, key };
    default:
      throw new Error(`a scenario knows no "${verb}"`);
  }
}

function show({ persist, send, complete }: Output<RegisterProtocol>): string[] {
  const recipients = new Map<RegisterMessage, NodeId[]>();
  for (const { to, message } of send) recipients.set(message, [...(recipients.get(message) ?? []), to]);
  return [
    ...persist.map(({ key, value }) => `  ${showRecord(key, value)}`),
    ...[...recipients].map(([message, to]) => `  ${to.join(' ')} < ${showMessage(message)}`),
    ...complete.map(({ id, result }) => `  answer ${id}: ${showResult(result)}`),
  ];
}

function showResult(result: RegisterResult): string {
  switch (result.type) {
    case 'value':
      return `${text(result.value)}${result.tag ? ` (${result.tag.join(', ')})` : ', never written'}`;
    case 'written':
      return `written (${result.tag.join(', ')})`;
    case 'cell':
      return result.cell
        ? `holds (${result.cell.counter}, ${result.cell.writer})=${text(result.cell.value)}`
        : 'holds nothing';
    case 'replaced':
      return `replaced ${showReplacement(result.replacement)}`;
    case 'error':
      return `${result.error.definite ? '' : 'maybe '}${result.error.code}: ${result.error.message}`;
    default:
      return result.type;
  }
}

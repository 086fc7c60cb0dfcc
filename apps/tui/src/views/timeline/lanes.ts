import type { NodeId } from '@synod/kernel';
import { span, type Line, type Style } from '../../layout/line.js';
import { cut, padEnd, widthOf } from '../../layout/width.js';
import { fateOf, type Arrow } from '../../model/arrows.js';
import type { ServerState } from '../../model/server-model.js';
import { messageType } from './message-types.js';

/** Where the lanes of the servers stand: one column each. */
export interface Lanes {
  readonly servers: readonly NodeId[];
  readonly width: number;
  /** The column of a server. */
  readonly at: (server: NodeId) => number | undefined;
}

const widest = 16;

/** What stands at the end of a message that has not arrived. */
export const arrowEnds = { 'under way': '○', lost: '✗', 'not seen': '?' } as const;

/** What a message makes of what it passes; heads and letters of others stay. */
const crossings: Readonly<Record<string, string>> = { ' ': '─', '│': '┼', '┊': '┼' };

export function lanesFor(servers: readonly NodeId[], columns: number): Lanes {
  const each = Math.max(4, Math.min(widest, Math.floor(columns / Math.max(1, servers.length))));
  const places = new Map(servers.map((server, i) => [server, Math.floor(each / 2) + i * each]));
  return { servers, width: each * servers.length, at: (server) => places.get(server) };
}

/** The names above the lanes. */
export function laneTitles({ servers, width, at }: Lanes): Line {
  let text = '';
  const room = Math.floor(width / Math.max(1, servers.length)) - 1;
  for (const server of servers) {
    const name = cut(server, room);
    text = padEnd(text, at(server)! - Math.floor(widthOf(name) / 2)) + name;
  }
  return [span(padEnd(text, width), 'strong')];
}

/** One row of lanes: a character and a style for each column. */
export class LaneRow {
  readonly #lanes: Lanes;
  readonly #cells: { text: string; style: Style | undefined }[];

  /** `stateOf`: how a server stood at this time. */
  constructor(lanes: Lanes, stateOf: (server: NodeId) => ServerState | undefined) {
    this.#lanes = lanes;
    this.#cells = Array.from({ length: lanes.width }, () => ({ text: ' ', style: undefined }));
    for (const server of lanes.servers) {
      const state = stateOf(server);
      this.#put(
        lanes.at(server)!,
        state === 'down' ? ' ' : state === 'disconnected' || state === 'silent' ? '┊' : '│',
        'quiet',
      );
    }
  }

  mark(server: NodeId, sign: string, style: Style | undefined): void {
    const column = this.#lanes.at(server);
    if (column !== undefined) this.#put(column, sign, style);
  }

  /** Draws a message from lane to lane: `●──P─►│`; one that is lost ends in `✗`, one under way in `○`, one that nobody saw arrive in `?`; of a reply that did not arrive only its beginning is drawn. */
  arrow(message: Arrow, nowUs: number): void {
    const from = this.#lanes.at(message.from);
    const to = this.#lanes.at(message.to);
    if (from === undefined || to === undefined || from === to) return;
    const { letter, style, isReply } = messageType(message.type);
    const step = to > from ? 1 : -1;
    const fate = fateOf(message, nowUs);
    const end =
      fate === 'arrived' ? span(step > 0 ? '►' : '◄', style) : span(arrowEnds[fate], fate === 'lost' ? 'bad' : style);
    this.#put(from, '●', style);
    if (isReply && fate !== 'arrived') {
      // Others may have come all the way to where it was going.
      this.#put(from + step, end.text, end.style);
      return;
    }
    for (let column = from + step; column !== to; column += step) {
      const crossed = crossings[this.#cells[column]!.text];
      if (crossed !== undefined) this.#put(column, crossed, style);
    }
    this.#put(to - step, end.text, end.style);
    // The letter stands where only this message passes: with the one that answers, or before the one that is asked.
    const place = isReply ? from + step : to - 2 * step;
    if (place !== to - step && place !== from) this.#put(place, letter, style);
  }

  /** Signs of one end of a message, with its letter. */
  step(message: Arrow, step: 'sent' | 'received'): void {
    const { letter, style } = messageType(message.type);
    const [here, there] = step === 'sent' ? [message.from, message.to] : [message.to, message.from];
    const column = this.#lanes.at(here);
    const other = this.#lanes.at(there);
    if (column === undefined || other === undefined) return;
    const side = other > column ? 1 : -1;
    const head = (step === 'sent') === side > 0 ? '►' : '◄';
    this.#put(column, step === 'sent' ? '●' : '│', step === 'sent' ? style : 'quiet');
    this.#put(column + side, step === 'sent' ? letter : head, style);
    this.#put(column + 2 * side, step === 'sent' ? head : letter, style);
  }

  get line(): Line {
    const spans: { text: string; style: Style | undefined }[] = [];
    for (const { text, style } of this.#cells) {
      const last = spans.at(-1);
      if (last && last.style === style) last.text += text;
      else spans.push({ text, style });
    }
    return spans;
  }

  #put(column: number, text: string, style: Style | undefined): void {
    if (column >= 0 && column < this.#cells.length) this.#cells[column] = { text, style };
  }
}

import { inverse, join, line, span, type Line } from '../layout/line.js';
import { table, type Column } from '../layout/table.js';
import { count } from '../layout/text.js';
import { clamp, showWindow, windowAround } from '../layout/window.js';
import {
  registerNames,
  registerRow,
  type RegisterName,
  type RegisterRow,
  type ReplicaCell,
} from '../model/register-rows.js';
import { latest } from '../model/latest.js';
import { servesRegisters, type Model } from '../model/model.js';
import { heading, matches, moveCursor, pointer, showFilter, type View, type ViewState } from './view.js';

/** Every token and register: what it holds, since when, and which replicas agree. */
export const registersView: View = {
  id: 'registers',
  title: 'Registers',
  short: 'Regs',

  draw({ model }, state, size): Line[] {
    const names = namesOf(model, state);
    const cursor = clamp(state.cursor ?? 0, 0, Math.max(0, names.length - 1));
    const detailRows = 3;
    const window = windowAround(cursor, names.length, size.rows - 2 - detailRows);
    const tokens = names.filter(({ token }) => token !== undefined).length;
    const about = `${count(tokens, 'token')}, ${count(names.length - tokens, 'register')}${showFilter(state)}`;
    const head = heading('Tokens and registers', about, showWindow(window, names.length), size);
    if (names.length === 0) {
      const why = servesRegisters(model) ? 'Nothing to show.' : 'This cluster serves no registers.';
      return [head, line(`  ${why}`, 'quiet')];
    }
    const rows = names.slice(window.from, window.to).map((name) => registerRow(name, model.servers, model.layout));
    const lines = table(
      columns,
      rows.map((row, i) => drawRow(row, window.from + i === cursor)),
      size.columns,
    );
    return [
      head,
      ...lines.map((one, i) => (i === cursor - window.from + 1 ? inverse(one) : one)),
      ...drawDetail(registerRow(names[cursor]!, model.servers, model.layout), model),
    ];
  },

  move(model, state, motion) {
    return { ...state, cursor: moveCursor(state.cursor ?? 0, namesOf(model, state).length, motion) };
  },

  want: () => ({ type: 'cells' }),
};

const columns: readonly Column[] = [
  { title: ' name', min: 10, max: 30 },
  { title: 'kind', min: 8 },
  { title: 'written', min: 8 },
  { title: 'replicas' },
  { title: 'value', grows: true, min: 14 },
];

function drawRow({ key, token, newest, replicas, agreeing }: RegisterRow, isSelected: boolean): Line[] {
  const isAgreed = agreeing === replicas.length;
  const silent = replicas.some((replica) => replica.silent !== undefined);
  return [
    line(`${pointer(isSelected)}${token ?? key}`),
    line(token === undefined ? 'register' : 'token', 'quiet'),
    newest ? line(showTag(newest.tag)) : line('never', 'quiet'),
    join(
      newest ? span(`${isAgreed ? '✓' : '≠'} ${agreeing}/${replicas.length}`, isAgreed ? 'good' : 'warn') : '–',
      silent ? span(' ◐', 'warn') : '',
    ),
    showValue(newest),
  ];
}

function showValue(newest: RegisterRow['newest']): Line {
  if (!newest) return line('');
  return newest.value === undefined ? line('∅ deleted', 'quiet') : line(newest.value);
}

/** The selected one, replica by replica. */
function drawDetail({ key, token, writer, replicas }: RegisterRow, model: Model): Line[] {
  const name = token === undefined ? key : `token ${token}`;
  const who = writer === undefined ? '' : writer === 'any' ? '  written by any replica' : `  written by ${writer}`;
  const pieces = replicas.flatMap((replica) => ['   ', drawReplica(replica)]);
  const silences = model.servers.flatMap(({ id }) => {
    const silent = replicas.find((replica) => replica.server === id)?.silent;
    return silent ? [`${id} ${silent === 'both' ? 'in both phases' : `in the ${silent} phase`}`] : [];
  });
  return [
    join(span(name, 'strong'), span(who, 'quiet')),
    join(...pieces),
    silences.length > 0 ? line(`   ◐ silent about it: ${silences.join(', ')}`, 'warn') : line(''),
  ];
}

function drawReplica({ server, cell, standing, silent }: ReplicaCell): Line {
  const mark = silent ? ' ◐' : '';
  switch (standing) {
    case 'newest':
      return [span(`${server} ✓ ${showTag(cell!.tag)}${mark}`, 'good')];
    case 'behind':
      return [span(`${server} ≠ ${cell ? showTag(cell.tag) : 'empty'}${mark}`, 'warn')];
    case 'empty':
      return [span(`${server} empty${mark}`, 'quiet')];
    case 'unknown':
      return [span(`${server} ?${mark}`, 'quiet')];
  }
}

/** `(3, S2)` */
function showTag([counter, writer]: readonly [number, string]): string {
  return `(${counter}, ${writer})`;
}

function namesOf({ servers, layout }: Model, { filter }: ViewState): readonly RegisterName[] {
  return filtered(allNames(layout, ...servers.flatMap(({ cells }) => cells ?? [])), filter);
}

const allNames = latest(registerNames);

const filtered = latest((names: readonly RegisterName[], filter: string) => {
  return filter === '' ? names : names.filter(({ key, token = '' }) => matches(filter, key, token));
});

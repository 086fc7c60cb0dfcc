// From runs to what is said about them.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Medians, what lies around them, and the ratio of each pair, which is what a busy machine leaves standing. `reached`: of the
 * targets; empty for a row that has none.
 */
export function summarise(row, pairs) {
  const figures = (side) => pairs.map((pair) => pair[side][row.measure]);
  const ratios = pairs.map(({ ours, theirs }) => ours[row.measure] / theirs[row.measure]);
  const ratio = median(ratios);
  const lessIsBetter = row.measure !== 'perSecond';
  const reaches = (target) => (lessIsBetter ? ratio <= target : ratio >= target);
  const best = reaches(row.moonshot) ? 'moonshot' : reaches(row.solid) ? 'solid' : 'no';
  return {
    ours: median(figures('ours')),
    theirs: median(figures('theirs')),
    ratio,
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
    reached: row.solid === undefined ? '' : best,
    notes: [...new Set(pairs.flatMap(({ ours, theirs }) => [...ours.notes, ...theirs.notes]))],
  };
}

const shown = (row, figure) =>
  row.measure === 'perSecond' ? `${Math.round(figure).toLocaleString('en-US')}/s` : `${figure.toFixed(2)} ms`;
const times = (ratio) => `${ratio.toPrecision(2)}×`;

/** A target of a row, or that it has none. */
export function shownTarget({ measure }, target) {
  if (target === undefined) return '—';
  return measure === 'perSecond' ? `${target}×` : `≤ ${target}×`;
}

/** A table in Markdown, which is one for people too. */
export function markdownTable(results) {
  const header = ['work', 'against', 'Synod', 'other', 'ratio', 'of the pairs', 'solid', 'moonshot', 'reached'];
  const lines = results.map(({ row, summary, missing }) => {
    const targets = [row.solid, row.moonshot].map((target) => shownTarget(row, target));
    if (missing) return [row.work, row.against, missing, '', '', '', ...targets, ''];
    const { ours, theirs, ratio, lowest, highest, reached } = summary;
    const spread = `${times(lowest)} … ${times(highest)}`;
    return [
      row.work,
      row.against,
      shown(row, ours),
      shown(row, theirs),
      `**${times(ratio)}**`,
      spread,
      ...targets,
      reached,
    ];
  });
  return table(header, lines);
}

/**
 * What each target asks of the machine: as a part of what the floor, which does nothing, reached on it. Above 100 %: no
 * program of this design can.
 */
export function floorTable(results) {
  const found = new Map(results.filter(({ summary }) => summary).map((result) => [result.row.name, result]));
  const header = ['work', 'against', 'other', 'the floor', 'aim', 'aim, of the floor', 'reached, of the floor'];
  const lines = [...found.values()].flatMap(({ row, summary: { ours, theirs } }) => {
    const floor = found.get(floorOf(row.name))?.summary.theirs;
    if (floor === undefined || row.solid === undefined) return [];
    const parts = [row.solid * theirs, ours].map((figure) => `${Math.round((100 * figure) / floor)} %`);
    return [[row.work, row.against, shown(row, theirs), shown(row, floor), `${row.solid}×`, ...parts]];
  });
  return table(header, lines);
}

/** The row that has the floor of the same work. Reads with a target go another way than the floor's, which pass a server. */
function floorOf(name) {
  if (/^unary-/.test(name)) return `floor-${name}`;
  const [, load] = /^put-(\d+|h2load|txn|redis)$/.exec(name) ?? [];
  return load && `floor-put-${/^\d+$/.test(load) ? load : 256}`;
}

/** Two columns of words, then figures. */
export function table(header, lines) {
  return [header, header.map((_, i) => (i > 1 ? '---:' : '---')), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
}

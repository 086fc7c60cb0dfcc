// Ratios as bars, on a scale where twice as much is as far wherever one stands. Dark on a light page too, as the pictures of
// the terminal are, so that one picture serves both themes.
const width = 980;
const left = 500;
const right = 70;
const rowHeight = 24;
const top = 84;

const styles = `
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #d6dbe3; }
.quiet { fill: #8b95a5; }
.strong { fill: #ffffff; font-weight: bold; }
.no { fill: #e8c06a; } .solid { fill: #79b8ff; } .moonshot { fill: #7fd18b; }
line { stroke: #39414d; } line.even { stroke: #8b95a5; } line.target { stroke: #f08a80; stroke-width: 2; }
`;

/** `results` with a summary; those of times are turned around, so that more is better everywhere. Grey: without a target. */
export function ratioChart(title, results) {
  const bars = results
    .filter(({ row, summary }) => summary && !row.inDetail)
    .map(({ row, summary }) => {
      const turned = (ratio) => (row.measure === 'perSecond' ? ratio : 1 / ratio);
      return {
        label: `${short(row.work, 36)} / ${short(row.against, 22)}`,
        ratio: turned(summary.ratio),
        target: row.solid === undefined ? undefined : turned(row.solid),
        reached: summary.reached,
      };
    });
  const all = bars.flatMap(({ ratio, target = 1 }) => [ratio, target, 1]);
  const [least, most] = [Math.floor(Math.log2(Math.min(...all))), Math.ceil(Math.log2(Math.max(...all)))];
  const x = (ratio) => left + ((Math.log2(ratio) - least) / Math.max(1, most - least)) * (width - left - right);
  const height = top + bars.length * rowHeight + 20;
  const grid = Array.from({ length: most - least + 1 }, (_, i) => 2 ** (least + i));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<style>${styles}</style>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="#171b22" stroke="#39414d"/>`,
    `<text class="strong" x="20" y="26">${escape(title)}</text>`,
    '<text class="quiet" x="20" y="46">how many times as much, or as fast; red: the target</text>',
    ...grid.flatMap((ratio) => [
      `<line${ratio === 1 ? ' class="even"' : ''} x1="${at(x(ratio))}" x2="${at(x(ratio))}" y1="${top - 6}" y2="${height - 16}"/>`,
      `<text class="quiet" x="${at(x(ratio))}" y="${top - 12}" text-anchor="middle">${ratio}×</text>`,
    ]),
    ...bars.flatMap((bar, i) => drawBar(bar, top + i * rowHeight, x)),
    '</svg>\n',
  ].join('\n');
}

function drawBar({ label, ratio, target, reached }, y, x) {
  const [from, to] = [x(1), x(ratio)].sort((a, b) => a - b);
  const mark = target === undefined ? [] : [x(target)];
  return [
    `<text x="${left - 12}" y="${y + 14}" text-anchor="end">${escape(label)}</text>`,
    `<rect class="${reached || 'quiet'}" x="${at(from)}" y="${y + 3}" width="${at(Math.max(1, to - from))}" height="14" rx="2"/>`,
    ...mark.map((aim) => `<line class="target" x1="${at(aim)}" x2="${at(aim)}" y1="${y + 1}" y2="${y + 19}"/>`),
    `<text x="${at(Math.max(to, ...mark) + 8)}" y="${y + 14}">${ratio.toPrecision(2)}×</text>`,
  ];
}

const at = (position) => position.toFixed(1);
const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const escape = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

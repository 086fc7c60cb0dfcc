// Draws lines of a terminal as an SVG. A terminal is dark on a light page too, so one picture serves both themes.
// Every piece of text is stretched to its columns, so that tables stay aligned whatever font the reader has.

const column = 8.4;
const row = 20;
const padding = 20;
const bar = 36;
/** Between the answer to one command and the next one. */
const gap = 8;

const styles = `
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #d6dbe3; white-space: pre; }
.title, .quiet { fill: #8b95a5; }
.typed { fill: #ffffff; font-weight: bold; }
.good { fill: #7fd18b; }
.agreed { fill: #79b8ff; }
.waits { fill: #e8c06a; }
.bad { fill: #f08a80; }
`;

/** What a piece of a line is, by the first pattern that it matches. */
const kinds = [
  [/^> .*/, 'typed'],
  [/\bS\d+ is killed.*|^Set \d+: .* has crashed\.$/, 'bad'],
  [/(?<= {2})local$/, 'good'],
  [/(?<= {2})consensus$/, 'agreed'],
  [/(?<= {2})(pending|rejected|skipped)\b.*/, 'waits'],
  [/^ {2}(id|server|account) .*/, 'quiet'],
  [/\(crashed\)/, 'bad'],
  [/\[\d+-\d+\]|\bhash [0-9a-f]+…/, 'quiet'],
];

/** @param {string} title @param {readonly string[]} lines @returns {string} */
export function terminalSvg(title, lines) {
  const columns = Math.max(...lines.map((line) => line.length));
  const width = Math.ceil(columns * column + 2 * padding);
  const body = [];
  let y = bar;
  for (const line of lines) {
    y += row + (line.startsWith('> ') ? gap : 0);
    body.push(drawLine(line, y - 4));
  }
  const height = y + padding;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<style>${styles}</style>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="#171b22" stroke="#39414d"/>`,
    `<path d="M0.5 ${bar}H${width - 0.5}" stroke="#39414d"/>`,
    `<text class="title" x="${padding}" y="23">${escape(title)}</text>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

function drawLine(line, y) {
  return pieces(line)
    .map(({ text, at, kind }) => {
      const place = `x="${(padding + at * column).toFixed(1)}" y="${y}"`;
      const stretch = `textLength="${(text.length * column).toFixed(1)}" lengthAdjust="spacingAndGlyphs"`;
      return `<text${kind ? ` class="${kind}"` : ''} ${place} ${stretch}>${escape(text)}</text>`;
    })
    .join('');
}

/** The words of a line with their columns; runs of spaces are left out. */
function pieces(line) {
  const marked = [];
  let rest = line.replace(/\s+$/, '');
  for (const [pattern, kind] of kinds) {
    const match = pattern.exec(rest);
    if (!match) continue;
    marked.push({ text: match[0], at: match.index, kind });
    rest = rest.slice(0, match.index) + ' '.repeat(match[0].length) + rest.slice(match.index + match[0].length);
  }
  const plain = [...rest.matchAll(/\S+(?: \S+)*/g)].map((match) => ({ text: match[0], at: match.index }));
  return [...marked.flatMap(words), ...plain].sort((a, b) => a.at - b.at);
}

/** A piece that holds several spaces in a row is drawn as several, for fonts differ in their spaces too. */
function words({ text, at, kind }) {
  return [...text.matchAll(/\S+(?: \S+)*/g)].map((match) => ({ text: match[0], at: at + match.index, kind }));
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

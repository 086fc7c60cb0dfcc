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
.strong { fill: #ffffff; font-weight: bold; }
.good { fill: #7fd18b; }
.accent { fill: #79b8ff; }
.warn { fill: #e8c06a; }
.bad { fill: #f08a80; }
rect.strong, rect.plain { fill: #d6dbe3; }
text.inverse { fill: #171b22; }
`;

/**
 * A piece of a line: where it begins, and what it is (`strong`, `quiet`, `good`, `accent`, `warn`, `bad`).
 * @typedef {{ text: string, at: number, kind?: string, inverse?: boolean }} Piece
 */

/**
 * @param {string} title
 * @param {readonly { pieces: readonly Piece[], isApart?: boolean }[]} lines `isApart`: some space is left above it
 * @param {number} columns
 * @returns {string}
 */
export function terminalSvg(title, lines, columns) {
  const width = Math.ceil(columns * column + 2 * padding);
  const body = [];
  let y = bar;
  for (const { pieces, isApart } of lines) {
    y += row + (isApart ? gap : 0);
    body.push(...pieces.map((piece) => drawPiece(piece, y - 4)));
  }
  const height = y + padding;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<style>${styles}</style>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="#171b22" stroke="#39414d"/>`,
    `<path d="M0.5 ${bar}H${width - 0.5}" stroke="#39414d"/>`,
    `<text class="title" x="${padding}" y="23">${escape(title)}</text>`,
    ...body.filter((drawn) => drawn !== ''),
    '</svg>\n',
  ].join('\n');
}

function drawPiece({ text, at, kind, inverse }, y) {
  const behind = inverse
    ? `<rect class="${kind ?? 'plain'}" x="${(padding + at * column).toFixed(1)}" y="${y - 15}" width="${(text.length * column).toFixed(1)}" height="${row}"/>`
    : '';
  const classes = [kind, inverse && 'inverse'].filter(Boolean).join(' ');
  return (
    behind +
    words(text, at)
      .map((word) => drawWord(word, y, classes))
      .join('')
  );
}

function drawWord({ text, at }, y, classes) {
  const place = `x="${(padding + at * column).toFixed(1)}" y="${y}"`;
  const stretch = `textLength="${(text.length * column).toFixed(1)}" lengthAdjust="spacingAndGlyphs"`;
  return `<text${classes ? ` class="${classes}"` : ''} ${place} ${stretch}>${escape(text)}</text>`;
}

/** A piece that holds several spaces in a row is drawn as several, for fonts differ in their spaces too. */
function words(text, at) {
  return [...text.matchAll(/\S+(?: \S+)*/g)].map((match) => ({ text: match[0], at: at + match.index }));
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

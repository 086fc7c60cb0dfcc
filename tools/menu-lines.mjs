// What the pieces of a line of the menu are: it is printed without colours, for people and for pipes.

/** What a piece of a line is, by the first pattern that it matches. */
const kinds = [
  [/^> .*/, 'strong'],
  [/\bS\d+ is killed.*|^Set \d+: .* has crashed\.$/, 'bad'],
  [/(?<= {2})local$/, 'good'],
  [/(?<= {2})consensus$/, 'accent'],
  [/(?<= {2})(pending|rejected|skipped)\b.*/, 'warn'],
  [/^ {2}(id|server|account) .*/, 'quiet'],
  [/\(crashed\)/, 'bad'],
  [/\[\d+-\d+\]|\bhash [0-9a-f]+…/, 'quiet'],
];

/** As `terminalSvg` takes it; what was typed stands apart. */
export function menuLine(line) {
  const pieces = [];
  let rest = line;
  for (const [pattern, kind] of kinds) {
    const match = pattern.exec(rest);
    if (!match) continue;
    pieces.push({ text: match[0], at: match.index, kind });
    rest = rest.slice(0, match.index) + ' '.repeat(match[0].length) + rest.slice(match.index + match[0].length);
  }
  return { pieces: [...pieces, { text: rest, at: 0 }], isApart: line.startsWith('> ') };
}

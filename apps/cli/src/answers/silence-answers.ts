import { shownName } from './one-line.js';

/** What a server keeps to itself; as it is printed with `--json` (docs/formats.md). At most one of `token` and `key`. */
export interface SubjectAnswer {
  /** `host:port` */
  readonly server: string;
  readonly token?: string;
  readonly key?: string;
}

export interface SilenceAnswer extends SubjectAnswer {
  readonly phase?: 'read' | 'write';
  readonly afterMs: number;
}

/** `server 127.0.0.1:8000 silent about token 101 in the read phase, in 5 s` */
export function renderSilenced({ phase, afterMs, ...subject }: SilenceAnswer): string[] {
  const when = afterMs === 0 ? 'now' : `in ${afterMs / 1000} s`;
  return [`server ${subject.server} silent about ${about(subject)}${phase ? ` in the ${phase} phase` : ''}, ${when}`];
}

export function renderUnsilenced(subject: SubjectAnswer): string[] {
  return [`server ${subject.server} silence about ${about(subject)} lifted`];
}

function about({ token, key }: SubjectAnswer): string {
  if (token !== undefined) return `token ${shownName(token)}`;
  return key === undefined ? 'everything' : `register ${shownName(key)}`;
}

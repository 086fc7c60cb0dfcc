import type { RegisterValue, Tag } from '@synod/client';
import { quoted, shownName, shownTag } from './one-line.js';

/* What is found about registers: as it is printed with `--json` (docs/formats.md), and as lines for people. */

/** What a register holds. */
export interface ValueAnswer {
  readonly key: string;
  /** null: it holds none, or none that is text. */
  readonly value: string | null;
  /** The value, if it is no text: its bytes in base64. */
  readonly base64?: string;
  /** null: it was never written. */
  readonly tag: Tag | null;
}

/** A register that was written or deleted. */
export interface WrittenAnswer {
  readonly key: string;
  readonly tag: Tag;
}

/** A register whose value went into a file. */
export interface SavedAnswer extends WrittenAnswer {
  readonly file: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function valueAnswer(key: string, { value, tag }: RegisterValue): ValueAnswer {
  const answer = { key, value: null, tag: tag ?? null };
  if (!value) return answer;
  try {
    return { ...answer, value: utf8.decode(value) };
  } catch {
    return { ...answer, base64: Buffer.from(value).toString('base64') };
  }
}

/** `register colour "blue"  tag 3@S1` */
export function renderValue({ key, value, base64, tag }: ValueAnswer): string[] {
  const register = `register ${shownName(key)}`;
  if (!tag) return [`${register} never written`];
  if (value !== null) return [`${register} ${quoted(value)}  ${shownTag(tag)}`];
  return [`${register} ${base64 === undefined ? 'deleted' : `base64 ${base64}`}  ${shownTag(tag)}`];
}

export function renderWritten({ key, tag }: WrittenAnswer): string[] {
  return [`register ${shownName(key)} written  ${shownTag(tag)}`];
}

export function renderDeleted({ key, tag }: WrittenAnswer): string[] {
  return [`register ${shownName(key)} deleted  ${shownTag(tag)}`];
}

export function renderSaved({ key, file, tag }: SavedAnswer): string[] {
  return [`register ${shownName(key)} in ${shownName(file)}  ${shownTag(tag)}`];
}

import type { Finding, Judgement } from './judgement.js';

/** A judgement as lines of text. */
export function renderJudgement(judgement: Judgement): string[] {
  const { history, verdict, operations, keys, violated, unknown, tags, milliseconds } = judgement;
  const counted = `${count(operations, 'operation')} on ${count(keys, 'key')}, ${count(tags.checked, 'tag')}`;
  return [
    `${history}: ${verdict}`,
    `  ${counted}; ${(milliseconds / 1000).toFixed(2)} s`,
    ...violated.flatMap((finding) => renderFinding('', finding)),
    ...unknown.map((key) => `  key ${key}: unknown, not decided within the limit`),
    ...tags.violated.flatMap((finding) => renderFinding('tags of ', finding)),
  ];
}

function renderFinding(what: string, { key, explanation }: Finding): string[] {
  return [`  ${what}key ${key}: violated`, ...explanation.split('\n').map((line) => `    ${line}`)];
}

function count(n: number, thing: string): string {
  return `${n.toLocaleString('en')} ${thing}${n === 1 ? '' : 's'}`;
}

import type { Item, RegisterMessage } from './messages.js';

/** How many registers of a list are named. */
const named = 3;

/** What a message between nodes is about, in words: a request is named where it is asked and where it is answered. */
export function subjectOf(message: RegisterMessage): string {
  switch (message.type) {
    case 'read':
    case 'value':
    case 'write':
    case 'ack':
      return subjectOfList(message.items);
    case 'copy':
    case 'page':
      return `request ${message.request.number}`;
    case 'introduce':
    case 'acquainted':
      return `disk ${message.identity}`;
    case 'configuration':
      return message.replacements.map(({ node, disk }) => `${node} on disk ${disk}`).join(', ') || 'no replacements';
  }
}

function subjectOfList(items: readonly Item[]): string {
  const texts = items.slice(0, named).map(({ key, number }) => `${key}, request ${number}`);
  if (items.length > named) texts.push(`${items.length - named} more`);
  return texts.join('; ');
}

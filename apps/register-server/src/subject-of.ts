import type { RegisterMessage } from '@synod/register';

/** What a message between nodes is about, in words: a request is named where it is asked and where it is answered. */
export function subjectOf(message: RegisterMessage): string {
  switch (message.type) {
    case 'read':
    case 'value':
    case 'write':
    case 'ack':
      return `${message.key}, request ${message.request.number}`;
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

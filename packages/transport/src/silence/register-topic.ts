import { phaseOf, type RegisterMessage } from '@synod/register';
import { wholeServer, type Topic } from './topic.js';

/** What a message between nodes is about. */
export function topicOf(message: RegisterMessage): Topic {
  switch (message.type) {
    case 'read':
    case 'value':
    case 'write':
    case 'ack':
      return { keys: [message.key], phase: phaseOf(message) };
    case 'page':
      return { keys: message.cells.map(({ key }) => key), phase: phaseOf(message) };
    case 'introduce':
    case 'acquainted':
    case 'copy':
    case 'configuration':
      return wholeServer;
  }
}

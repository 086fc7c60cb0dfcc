import { phaseOf, type RegisterMessage } from '@synod/register';
import { wholeServer, type Topic } from './topic.js';

/**
 * What a server still says of a message that it sends to another node: of a list what concerns no muted register; a page
 * whole or not at all, for without one of its cells it would not be true. Undefined: nothing.
 */
export function audiblePart(message: RegisterMessage, mutes: (topic: Topic) => boolean): RegisterMessage | undefined {
  const phase = phaseOf(message);
  const isAudible = ({ key }: { readonly key: string }): boolean => !mutes({ keys: [key], phase });
  switch (message.type) {
    case 'read':
      return unlessEmpty({ ...message, items: message.items.filter(isAudible) });
    case 'value':
      return unlessEmpty({ ...message, items: message.items.filter(isAudible) });
    case 'write':
      return unlessEmpty({ ...message, items: message.items.filter(isAudible) });
    case 'ack':
      return unlessEmpty({ ...message, items: message.items.filter(isAudible) });
    case 'page':
      return mutes({ keys: message.cells.map(({ key }) => key), phase }) ? undefined : message;
    case 'introduce':
    case 'acquainted':
    case 'copy':
    case 'configuration':
      return mutes(wholeServer) ? undefined : message;
  }
}

function unlessEmpty<M extends { readonly items: readonly unknown[] }>(message: M): M | undefined {
  return message.items.length > 0 ? message : undefined;
}

import type { Frame } from '@synod/simulator';

/** So many messages on their way are told one by one. */
const messagesShown = 8;

/** One frame of a run, for people: what happened, the nodes, the messages. */
export function renderFrame({ number, time, lines, nodes, inFlight }: Frame, length: number): string[] {
  const more = inFlight.length - messagesShown;
  return [
    `── ${number} of ${length}, ${time.toFixed(3)} ms ──`,
    ...lines.map((line) => line.trim()),
    ...nodes.map(({ node, state, disk }) => `  ${node.padEnd(4)}${state.padEnd(7)}${disk.join(' · ')}`),
    ...inFlight
      .slice(0, messagesShown)
      .map(({ from, to, message, arrival }) => `  ${from} → ${to} at ${arrival.toFixed(3)}: ${typeOf(message)}`),
    ...(more > 0 ? [`  and ${more} more on their way`] : []),
  ];
}

function typeOf(message: unknown): string {
  return (message as { readonly type: string }).type;
}

import { Effects, witnessKey, type Input, type MachineDefinition, type NodeId, type Time } from '@synod/kernel';
import { Simulation, type SimulationOptions } from '../simulation.js';

/** A machine that does what it is told: it posts letters, keeps notes, sets an alarm or breaks. */
export interface Post {
  command:
    | { readonly post: NodeId; readonly text: string }
    | { readonly note: string; readonly text: string }
    | { readonly alarm: Time }
    | { readonly breakWith: Error };
  result: 'done';
  message: string;
  record: string;
}

function definePost(): MachineDefinition<Post> {
  const machine = {
    wakeAt: undefined as Time | undefined,
    step(input: Input<Post>, now: Time): Effects<Post> {
      const effects = new Effects<Post>();
      if (machine.wakeAt !== undefined && now >= machine.wakeAt) machine.wakeAt = undefined;
      if (input.kind !== 'invoke') return effects;
      const { command } = input;
      if ('post' in command) effects.to(command.post, command.text);
      else if ('note' in command) effects.put(command.note, command.text);
      else if ('alarm' in command) machine.wakeAt = command.alarm;
      else throw command.breakWith;
      effects.answer(input.id, 'done');
      return effects;
    },
  };
  return {
    codec: {
      encode: (_, text, writer) => writer.raw(Buffer.from(text)),
      decode: (_, bytes) => Buffer.from(bytes).toString(),
    },
    live: { from: '', to: '~' },
    recover: () => ({ add: () => {}, build: () => machine }),
  };
}

/** A started simulation of letter-posting nodes S1, S2 and S3. */
export function startPost(options: Partial<SimulationOptions<Post>> = {}): Simulation<Post> {
  const simulation = new Simulation<Post>({ seed: 1, nodes: ['S1', 'S2', 'S3'], definition: definePost, ...options });
  simulation.start();
  return simulation;
}

/** The texts that `node` was delivered, in order. */
export function delivered(simulation: Simulation<Post>, node: NodeId): unknown[] {
  return simulation.trace.events
    .filter((event) => event.kind === 'deliver' && event.node === node)
    .map((event) => event.what);
}

/** What `node` was told of its links: `S2 up`. */
export function links(simulation: Simulation<Post>, node: NodeId): string[] {
  return simulation.trace.events
    .filter((event) => event.kind === 'link' && event.node === node)
    .map((event) => `${event.peer} ${String(event.what)}`);
}

/** The notes on a node's disk. */
export function notes(simulation: Simulation<Post>, node: NodeId): Record<string, string> {
  const records = [...simulation.durable(node)].filter(([key]) => key !== witnessKey);
  return Object.fromEntries(records.map(([key, bytes]) => [key, Buffer.from(bytes).toString()]));
}

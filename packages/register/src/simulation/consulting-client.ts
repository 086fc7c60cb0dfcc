import { quorumSize, type NodeId } from '@synod/kernel';
import type { Simulation } from '@synod/simulator';
import { Consultation } from '../consultation.js';
import type { RegisterProtocol, ReplicaReply } from '../protocol.js';
import type { Place } from './place.js';

export interface Reading {
  readonly key: string;
  /** The first of a majority of them are asked. */
  readonly replicas: readonly NodeId[];
  /** Between one question and the next, virtual ms. */
  readonly pauseMs: number;
  readonly placeFor: (node: NodeId) => Place;
}

/**
 * A client that asks the replicas itself. `done` gets what they agree on, or undefined if a replica must be asked to read;
 * it is not called if somebody never answers.
 */
export function readFromReplicas(
  simulation: Simulation<RegisterProtocol>,
  { key, replicas, pauseMs, placeFor }: Reading,
  done: (agreed: ReplicaReply | undefined) => void,
): void {
  const consultation = new Consultation();
  let told: ReplicaReply | undefined;
  let over = false;
  const end = (agreed: ReplicaReply | undefined): void => {
    if (!over) done(agreed);
    over = true;
  };
  for (const [i, node] of replicas.slice(0, quorumSize(replicas.length)).entries()) {
    simulation.after(i * pauseMs, () => {
      const place = placeFor(node);
      if (over || !simulation.isUp(place)) return end(undefined);
      simulation.invoke(place, { type: 'consult', keys: [key], timestampOnly: i > 0 }, (result) => {
        const reply = result.type === 'consulted' ? result.replies[0] : undefined;
        if (!reply) return end(undefined);
        if (i === 0) told = reply;
        consultation.add(node, reply);
        if (consultation.differs) end(undefined);
        else if (consultation.agrees) end(told);
      });
    });
  }
}

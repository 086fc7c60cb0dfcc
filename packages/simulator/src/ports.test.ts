import { afterEach, test } from '@jest/globals';
import type { NodeId, Storage, Transport } from '@synod/kernel';
import { storageSuite, transportSuite } from '@synod/kernel/testing';
import { defaultDisk, SimulatedDisk } from './disk.js';
import { defaultNetwork, SimulatedNetwork } from './network.js';
import { Process } from './process.js';
import { seededRandom } from './random.js';
import { Recorder } from './recorder.js';
import { Timeline } from './timeline.js';

let disks = 0;
const stops: (() => void)[] = [];

/** Virtual time that passes by itself, ten milliseconds a turn: the suites wait for what they ask. */
function passingTime(): Timeline {
  const timeline = new Timeline();
  let pump: NodeJS.Immediate | undefined;
  const pass = (): void => {
    const end = timeline.now + 10;
    while (timeline.advance(end));
    pump = setImmediate(pass);
  };
  pass();
  stops.push(() => clearImmediate(pump));
  return timeline;
}

afterEach(() => stops.splice(0).forEach((stop) => stop()));

storageSuite({
  name: 'SimulatedDisk',
  test,
  survives: 'crash',
  place: () => {
    const timeline = passingTime();
    const disk = new SimulatedDisk(`disk ${++disks}`, timeline, seededRandom(1), defaultDisk);
    let process: Process | undefined;
    const open = async (): Promise<Storage> => disk.mount((process = new Process(timeline)));
    const crash = (): Promise<Storage> => {
      process?.end();
      disk.crash();
      return open();
    };
    return { open, crash };
  },
});

transportSuite({
  name: 'SimulatedNetwork',
  test,
  network: (nodes) => {
    const timeline = passingTime();
    const recorder = new Recorder(() => timeline.now, 0);
    const network = new SimulatedNetwork<string>(
      nodes,
      timeline,
      seededRandom(1),
      recorder,
      defaultNetwork,
      seededRandom(2),
    );
    return {
      transport: (node: NodeId): Transport<string> => ({
        start: (events) => network.join(node, new Process(timeline), events),
        send: (messages, number) => network.send(node, messages, number),
        announce: (number) => network.announce(node, number),
      }),
      setLink: (a, b, up) => [[a, b] as const, [b, a] as const].forEach(([from, to]) => network.setCut(from, to, !up)),
      leave: (node) => network.leave(node),
    };
  },
});

// The floor: what the design costs when nothing is left of it but its frames and its synced writes. Servers of their own
// (floor-server.mjs), a client that sends what one turn has in one frame, a promise for each operation. It has no timestamps,
// no membership, no recovery and no checks: what lies between it and Synod is what all of that costs.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import { closedLoop, keyCount } from './closed-loop.mjs';
import { channelOptions, frames, itemBytes, kinds, phases } from './floor-frames.mjs';
import { told, withServers } from './floor-processes.mjs';

const program = fileURLToPath(new URL('floor-server.mjs', import.meta.url));
const value = '0123456789abcdef';
const keys = Array.from({ length: keyCount }, (_, i) => String(i).padStart(8, '0'));
const randomKey = () => keys[Math.floor(Math.random() * keys.length)];

export async function measureFloor({ work, servers, inFlight }, { directory, warmUp, seconds }) {
  const quorum = Math.floor(servers / 2) + 1;
  const args = Array.from({ length: servers }, (_, i) => [join(directory, `f${i + 1}`), String(quorum - 1)]);
  return withServers(program, args, async (children, ports) => {
    const linked = children.map(told);
    children.forEach((child, i) => child.send(ports.filter((_, j) => j !== i)));
    await Promise.all(linked);
    const client = new FloorClient(ports[0]);
    try {
      await Promise.all(keys.map((key) => client.ask(phases.write, key)));
      const phase = work === 'put' ? phases.write : phases.read;
      const operate = async () => {
        await client.ask(phase, randomKey());
        return 1;
      };
      return await closedLoop(operate, { inFlight, warmUp, seconds });
    } finally {
      client.close();
    }
  });
}

/** Operations of one turn, all of one phase, in one frame. */
class FloorClient {
  #channel;
  #call;
  #number = 0;
  #unsent = [];
  #phase = phases.write;
  #waiting = new Map();

  constructor(port) {
    this.#channel = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), channelOptions);
    this.#call = this.#channel.makeBidiStreamRequest(frames.path, frames.requestSerialize, frames.responseDeserialize);
    this.#call.on('error', () => {}); // its end
    this.#call.on('data', (frame) => this.#read(frame));
    this.#call.write(Buffer.from([kinds.client]));
  }

  ask(phase, key) {
    this.#phase = phase;
    return new Promise((resolve) => {
      const number = ++this.#number;
      this.#waiting.set(number, resolve);
      this.#unsent.push({ number, key });
      if (this.#unsent.length === 1) setImmediate(() => this.#flush());
    });
  }

  close() {
    this.#call.cancel();
    this.#channel.close();
  }

  #flush() {
    const items = this.#unsent;
    this.#unsent = [];
    const frame = Buffer.allocUnsafe(1 + items.length * itemBytes);
    frame[0] = this.#phase;
    let at = 1;
    for (const { number, key } of items) {
      frame.writeUInt32LE(number, at);
      frame.write(key, at + 4, 'latin1');
      frame.write(value, at + 12, 'latin1');
      at += itemBytes;
    }
    this.#call.write(frame);
  }

  /** The numbers of what was done. */
  #read(frame) {
    for (let at = 0; at < frame.length; at += 4) {
      const number = frame.readUInt32LE(at);
      const resolve = this.#waiting.get(number);
      this.#waiting.delete(number);
      resolve();
    }
  }
}

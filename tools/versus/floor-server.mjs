// A server of the floor: writes a client's frame into its file with one sync, sends it to its peers, who do the same, and
// answers once as many as were asked for have. What arrives meanwhile is the next write. A read asks peers, and no disk.
// Arguments: folder, how many peers must answer.
import { fdatasyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import grpc from '@grpc/grpc-js';
import { channelOptions, frames, itemBytes, kinds, phases } from './floor-frames.mjs';

const [folder, answersNeeded] = [process.argv[2], Number(process.argv[3])];

/** In blocks, over and over, as a journal that has its size. */
const block = 4096;
const fileBytes = 8 << 20;
mkdirSync(folder, { recursive: true });
const file = openSync(join(folder, 'journal'), 'w');
writeSync(file, Buffer.alloc(fileBytes));
fdatasyncSync(file);
let end = 0;

const values = new Map();
const peers = [];

let unwritten = [];

function put(bytes, done) {
  for (let at = 0; at < bytes.length; at += itemBytes) {
    values.set(bytes.toString('latin1', at + 4, at + 12), bytes.toString('latin1', at + 12, at + 28));
  }
  if (unwritten.length === 0) setImmediate(write);
  unwritten.push({ bytes, done });
}

function write() {
  const group = unwritten;
  unwritten = [];
  const entry = Buffer.concat(group.map(({ bytes }) => bytes));
  if (end + entry.length > fileBytes) end = 0;
  writeSync(file, entry, 0, entry.length, end);
  fdatasyncSync(file);
  end += Math.ceil(entry.length / block) * block;
  for (const { done } of group) done();
}

let lastFrame = 0;
const asked = new Map();

/** `done`: as many as needed have answered. */
function askPeers(phase, bytes, done) {
  const number = ++lastFrame;
  asked.set(number, { left: answersNeeded, done });
  const frame = Buffer.allocUnsafe(5 + bytes.length);
  frame[0] = phase;
  frame.writeUInt32LE(number, 1);
  frame.set(bytes, 5);
  for (const peer of phase === phases.write ? peers : peers.slice(0, answersNeeded)) peer.write(frame);
}

function answered(frame) {
  const number = frame.readUInt32LE(0);
  const frameAsked = asked.get(number);
  if (!frameAsked || --frameAsked.left > 0) return;
  asked.delete(number);
  frameAsked.done();
}

function serveClient(call, frame) {
  const [phase, bytes] = [frame[0], frame.subarray(1)];
  const answer = () => {
    const numbers = Buffer.allocUnsafe((bytes.length / itemBytes) * 4);
    for (let i = 0; i < numbers.length; i += 4) bytes.copy(numbers, i, i * (itemBytes / 4), i * (itemBytes / 4) + 4);
    call.write(numbers);
  };
  if (phase === phases.write) put(bytes, () => askPeers(phase, bytes, answer));
  else askPeers(phase, bytes, answer);
}

function servePeer(call, frame) {
  const [number, bytes] = [frame.subarray(1, 5), frame.subarray(5)];
  if (frame[0] === phases.write) return put(bytes, () => call.write(Buffer.from(number)));
  const found = [number];
  for (let at = 0; at < bytes.length; at += itemBytes) {
    found.push(Buffer.from(values.get(bytes.toString('latin1', at + 4, at + 12)), 'latin1'));
  }
  call.write(Buffer.concat(found));
}

const server = new grpc.Server();
server.addService(
  { frames },
  {
    frames(call) {
      let serve;
      call.on('data', (frame) => {
        if (serve) serve(call, frame);
        else serve = frame[0] === kinds.client ? serveClient : servePeer;
      });
      call.on('error', () => {}); // its end
    },
  },
);
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (_, port) => process.send(port));

process.on('message', (ports) => {
  for (const port of ports) {
    const channel = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), channelOptions);
    const call = channel.makeBidiStreamRequest(frames.path, frames.requestSerialize, frames.responseDeserialize);
    call.on('error', () => {}); // its end
    call.on('data', answered);
    call.write(Buffer.from([kinds.peer]));
    peers.push(call);
  }
  process.send('linked');
});
process.on('disconnect', () => process.exit()); // whoever started it is gone

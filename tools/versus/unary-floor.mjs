// The floor of calls of their own: servers of grpc-js that do nothing with a call but answer it, driven by h2load as Synod's are.
// No program that takes such calls with grpc-js can be faster on that machine, whatever it does with them.
import { fileURLToPath } from 'node:url';
import { echo } from './floor-frames.mjs';
import { withServers } from './floor-processes.mjs';
import { grpcBody, h2load } from './h2load.mjs';

const program = fileURLToPath(new URL('unary-floor-server.mjs', import.meta.url));
/** About a key and a value, as Synod is sent. */
const body = grpcBody(Buffer.alloc(24));

export function measureUnaryFloor({ servers, inFlight }, { warmUp, seconds }) {
  return withServers(program, Array(servers).fill([]), (_, ports) => {
    const targets = ports.map((port) => `127.0.0.1:${port}`);
    return h2load({ targets, path: echo.path, bodyOf: () => body }, { inFlight, warmUp, seconds });
  });
}

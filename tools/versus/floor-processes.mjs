// Servers of a floor: processes that say at which port they listen, and end with whoever started them.
import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Starts one for each list of arguments, and ends them all when `use`, which is told of them and their ports, has ended. */
export async function withServers(program, args, use) {
  const children = args.map((own) => fork(program, own));
  try {
    return await use(children, await Promise.all(children.map(told)));
  } finally {
    const ended = children.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit'));
    for (const child of children) child.kill();
    await Promise.all(ended);
  }
}

/** What a server says next. Rejects if it ends before. */
export async function told(child) {
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`a server of the floor ended with ${signal ?? code}`);
  });
  const [message] = await Promise.race([once(child, 'message'), ended]);
  return message;
}

import { once } from 'node:events';
import { createServer } from 'node:net';
import { SynodError } from '@synod/kernel';

/**
 * Makes sure that servers can listen at their addresses: whoever listens there already would be taken for them. Rejects
 * with `SynodError` `config`.
 */
export async function refuseTaken(
  servers: readonly { readonly id: string; readonly address: string }[],
): Promise<void> {
  for (const { id, address } of servers) {
    const problem = await problemAt(address);
    if (problem === undefined) continue;
    throw new SynodError('config', `${id === address ? '' : `${id}: `}${problem}; nothing was started`);
  }
}

async function problemAt(address: string): Promise<string | undefined> {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  const server = createServer();
  try {
    await once(server.listen({ host, port: Number(address.slice(colon + 1)) }), 'listening');
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') return `address ${address} is already in use`;
    return `nobody can listen at ${address} on this machine (${code})`;
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

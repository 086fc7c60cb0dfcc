import { freePorts } from '@synod/cluster';

/** Loopback addresses that were free a moment ago: the servers of a cluster must know one another's beforehand. */
export async function freeAddresses(count: number): Promise<string[]> {
  return (await freePorts(count)).map((port) => `127.0.0.1:${port}`);
}

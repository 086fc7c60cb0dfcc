import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { freePorts } from './free-ports.js';

test('ports are different, below those of outgoing connections, and can be listened on', async () => {
  const ports = await freePorts(50);
  expect(new Set(ports).size).toBe(50);
  for (const port of ports) expect(port).toBeLessThan(32_768);
  const server = createServer();
  await once(server.listen(ports[0], '127.0.0.1'), 'listening');
  expect((server.address() as AddressInfo).port).toBe(ports[0]);
  await new Promise((resolve) => server.close(resolve));
});

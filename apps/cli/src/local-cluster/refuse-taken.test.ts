import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { refuseTaken } from './refuse-taken.js';

let server: Server;
let address: string;
beforeEach(async () => {
  server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.close();
});

test('an address where somebody listens is refused, with the server it is for', async () => {
  await expect(refuseTaken([{ id: 'S1', address }])).rejects.toMatchObject({
    code: 'config',
    message: `S1: address ${address} is already in use; nothing was started`,
  });
  await expect(refuseTaken([{ id: address, address }])).rejects.toMatchObject({
    message: `address ${address} is already in use; nothing was started`,
  });
});

test('one where nobody listens is free, and stays so', async () => {
  server.close();
  await once(server, 'close');
  await refuseTaken([{ id: 'S1', address }]);
  await refuseTaken([{ id: 'S1', address: address.replace('127.0.0.1', 'localhost') }]);
});

test('one of another machine is refused', async () => {
  // RFC 5737: no machine has it.
  await expect(refuseTaken([{ id: 'S1', address: '192.0.2.1:8000' }])).rejects.toMatchObject({
    code: 'config',
    message: 'S1: nobody can listen at 192.0.2.1:8000 on this machine (EADDRNOTAVAIL); nothing was started',
  });
});

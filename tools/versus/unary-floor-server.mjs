// A server of the floor of calls of their own: answers each with what it was asked, and does nothing else.
import grpc from '@grpc/grpc-js';
import { channelOptions, echo } from './floor-frames.mjs';

const server = new grpc.Server(channelOptions);
server.addService({ echo }, { echo: ({ request }, answer) => answer(null, request) });
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (_, port) => process.send(port));
process.on('disconnect', () => process.exit()); // whoever started it is gone

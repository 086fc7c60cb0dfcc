import { NodeServiceService, protobufPackage, type NodeServiceServer } from '../gen/synod/node/v1/node_service.js';
import type { GrpcService } from '../host/grpc-service.js';
import { unary } from '../host/handlers.js';
import { EventFeed } from './event-feed.js';
import { writePerformance } from './figures-wire.js';
import type { NodeBackend } from './node-backend.js';

/** `synod.node.v1.NodeService` in front of a server. */
export function nodeService(backend: NodeBackend): GrpcService {
  const events = new EventFeed(backend);
  const implementation: NodeServiceServer = {
    describe: unary(async () => {
      const { servers, services, ...rest } = backend.description;
      return { ...rest, servers: [...servers], services: [...services] };
    }),
    performance: unary(async (request) => ({ report: writePerformance(backend.performance(request)) })),
    watchEvents: (call) => events.add(call),
  };
  return {
    name: `${protobufPackage}.NodeService`,
    definition: NodeServiceService,
    implementation,
    close: () => events.close(),
  };
}

import type { ServerEvent, TracedMessage } from '@synod/kernel';
import {
  NodeServiceService,
  protobufPackage,
  type NodeServiceServer,
  type WatchEventsResponse,
  type WatchMessagesResponse,
} from '../gen/synod/node/v1/node_service.js';
import type { GrpcService } from '../host/grpc-service.js';
import { unary } from '../host/handlers.js';
import { BoundedFeed } from './bounded-feed.js';
import { writeEvent, writePerformance } from './figures-wire.js';
import type { NodeBackend } from './node-backend.js';

/** `synod.node.v1.NodeService` in front of a server. */
export function nodeService(backend: NodeBackend): GrpcService {
  const events = new BoundedFeed(
    (listener: (event: ServerEvent) => void) => backend.onEvent(listener),
    (items, missed): WatchEventsResponse => ({ missed, events: items.map(writeEvent) }),
  );
  const messages = new BoundedFeed(
    (listener: (message: TracedMessage) => void) => backend.onMessage(listener),
    (items, missed): WatchMessagesResponse => ({ missed, messages: [...items] }),
  );
  const implementation: NodeServiceServer = {
    describe: unary(async () => {
      const { servers, services, ...rest } = backend.description;
      return { ...rest, servers: [...servers], services: [...services] };
    }),
    performance: unary(async (request) => ({ report: writePerformance(backend.performance(request)) })),
    watchEvents: (call) => events.add(call, backend.events(call.request.last)),
    watchMessages: (call) => messages.add(call),
  };
  return {
    name: `${protobufPackage}.NodeService`,
    definition: NodeServiceService,
    implementation,
    close() {
      events.close();
      messages.close();
    },
  };
}

import { fileURLToPath } from 'node:url';
import type { Server } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { protoPath as healthProto } from 'grpc-health-check';

/** The package ships the proto files beside its code: `src` and `dist` are equally deep. */
const protoFolder = fileURLToPath(new URL('../../proto', import.meta.url));

/** Lets tools such as grpcurl ask the server which services it has. */
export function addReflection(server: Server, protoFiles: readonly string[]): void {
  const loaded = loadSync([...protoFiles, healthProto], { includeDirs: [protoFolder] });
  new ReflectionService(loaded).addToServer(server);
}

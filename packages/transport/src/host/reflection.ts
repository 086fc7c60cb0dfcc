import { readFileSync } from 'node:fs';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';

/**
 * A FileDescriptorSet of every shipped service, made by buf beside the copies of the proto files. (Descriptors that are
 * made from proto files at run time name their types relatively, and strict clients refuse them.)
 * `src` and `dist` are equally deep.
 */
const descriptors = new URL('../../proto/descriptors.binpb', import.meta.url);

/** Lets tools such as grpcurl and buf ask the server which services it has. */
export function addReflection(server: Server, services: readonly string[]): void {
  // The service reads the files of a definition, whatever kind of definition it is.
  const fileDescriptorProtos = filesIn(readFileSync(descriptors));
  const shipped = { format: 'Protocol Buffer 3 EnumDescriptorProto', type: {}, fileDescriptorProtos } as const;
  new ReflectionService({ shipped }, { services: [...services] }).addToServer(server);
}

/** The FileDescriptorProtos of a FileDescriptorSet, each as bytes: `repeated FileDescriptorProto file = 1`. */
function filesIn(set: Uint8Array): Buffer[] {
  const reader = new BinaryReader(set);
  const files: Buffer[] = [];
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1) files.push(Buffer.from(reader.bytes()));
    else reader.skip(wireType, field);
  }
  return files;
}

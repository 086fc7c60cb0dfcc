import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import type {
  MethodDefinition,
  Server,
  ServerDuplexStream,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { fail } from './handlers.js';

/**
 * A FileDescriptorSet of every shipped service, made by buf beside the copies of the proto files. (Descriptors that are
 * made from proto files at run time name their types relatively, and strict clients refuse them.)
 * `src` and `dist` are equally deep.
 */
const descriptors = new URL('../../proto/descriptors.binpb', import.meta.url);

type Answered = ServerDuplexStream<Buffer, Buffer>;

/**
 * Lets tools such as grpcurl and buf ask the server which services it has. Who is never asked does not load what answers:
 * it would take longer than all the rest of a server's start.
 */
export function addReflection(server: Server, services: readonly string[]): void {
  let loading: Promise<ReadonlyMap<string, Reflection>> | undefined;
  for (const version of ['v1', 'v1alpha']) {
    const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
    const handle = (call: Answered): void => {
      loading ??= loadReflection(services);
      loading.then((loaded) => reflect(call, loaded.get(path)!)).catch((error: unknown) => fail(call, error));
    };
    server.register(path, handle, asItIs, asItIs, 'bidi');
  }
}

function asItIs(bytes: Buffer): Buffer {
  return bytes;
}

/** How the library would serve one method. */
interface Reflection {
  readonly method: MethodDefinition<object, object>;
  readonly handle: (call: EventEmitter) => void;
}

/** By path. */
async function loadReflection(services: readonly string[]): Promise<ReadonlyMap<string, Reflection>> {
  const { ReflectionService } = await import('@grpc/reflection');
  // The service reads the files of a definition, whatever kind of definition it is.
  const fileDescriptorProtos = filesIn(readFileSync(descriptors));
  const shipped = { format: 'Protocol Buffer 3 EnumDescriptorProto', type: {}, fileDescriptorProtos } as const;
  const loaded = new Map<string, Reflection>();
  const addService = (definition: ServiceDefinition, implementation: UntypedServiceImplementation): void => {
    for (const [name, method] of Object.entries<MethodDefinition<object, object>>(definition)) {
      loaded.set(method.path, { method, handle: implementation[name] as Reflection['handle'] });
    }
  };
  new ReflectionService({ shipped }, { services: [...services] }).addToServer({ addService });
  return loaded;
}

/** Answers a call whose messages are bytes. */
async function reflect(call: Answered, { method, handle }: Reflection): Promise<void> {
  const write = (answer: object): void => void call.write(method.responseSerialize(answer));
  const read = Object.assign(new EventEmitter(), { write, end: () => call.end() });
  handle(read);
  for await (const bytes of call as AsyncIterable<Buffer>) read.emit('data', method.requestDeserialize(bytes));
  read.emit('end');
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

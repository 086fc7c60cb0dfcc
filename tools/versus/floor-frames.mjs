// What the processes of the floor tell each other: bytes over one gRPC stream a pair.

const same = (bytes) => bytes;

export const frames = {
  path: '/floor/Frames',
  requestStream: true,
  responseStream: true,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
};

/** A call of its own. */
export const echo = { ...frames, path: '/floor/Echo', requestStream: false, responseStream: false };

export const channelOptions = { 'grpc.enable_retries': 0, 'grpc.enable_channelz': 0 };

/** An operation: its number (4 bytes), its key (8), its value (16). */
export const itemBytes = 28;

/** The first byte of a stream: who opened it. */
export const kinds = { client: 1, peer: 2 };
/** The first byte of a frame. A peer's goes on with the number of the frame (4 bytes), and is answered with it. */
export const phases = { write: 0, read: 1 };

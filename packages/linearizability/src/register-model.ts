import type { Call, Model } from './model.js';
import type { Operation, Value } from './operation.js';

type Request = Pick<Operation, 'f' | 'value'>;

/** One register: a read returns what was written last. */
export function registerModel(initial: Value): Model<Value, Request, Value> {
  return {
    init: () => initial,
    step: (state, { f, value }, result) => {
      if (f === 'write') return { state: value };
      return result === undefined || result === state ? { state } : undefined;
    },
    identify: (state) => JSON.stringify(state),
  };
}

/** A read or write of a register as the search takes it. */
export function registerCall({ f, value, start, end }: Operation): Call<Request, Value> {
  return { input: { f, value }, start, returned: end === undefined ? undefined : { result: value, end } };
}

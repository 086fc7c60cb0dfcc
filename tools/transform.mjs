// Jest's transformer: SWC. Before it, at most one mutation (tools/mutants.mjs); the cache knows the mutated source.
import swc from '@swc/jest';
import { mutated } from './mutation.mjs';

export default {
  createTransformer(options) {
    const transformer = swc.createTransformer(options);
    const onMutated = (method) => (source, file, details) =>
      transformer[method](mutated(source, file, details.config.globals), file, details);
    return {
      ...transformer,
      process: onMutated('process'),
      processAsync: onMutated('processAsync'),
      getCacheKey: onMutated('getCacheKey'),
    };
  },
};

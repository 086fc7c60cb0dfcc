// Jest's transformer: SWC. Before it, at most one mutation (tools/mutants.mjs); the cache knows the mutated source.
// What a source becomes does not depend on the package that asks: seen from the root, the cache holds it once.
import { fileURLToPath } from 'node:url';
import swc from '@swc/jest';
import { mutated } from './mutation.mjs';

const rootDir = fileURLToPath(new URL('..', import.meta.url));

export default {
  createTransformer(options) {
    const transformer = swc.createTransformer(options);
    const onMutated = (method) => (source, file, details) =>
      transformer[method](mutated(source, file, details.config.globals), file, details);
    return {
      ...transformer,
      process: onMutated('process'),
      processAsync: onMutated('processAsync'),
      getCacheKey: (source, file, details) =>
        onMutated('getCacheKey')(source, file, { ...details, config: { ...details.config, rootDir } }),
    };
  },
};

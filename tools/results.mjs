import { fileURLToPath } from 'node:url';

/** Where the Jest results of all projects lie. Each file is an output of its project's test task in nx.json. */
export const resultsFolder = fileURLToPath(new URL('../.nx/results/', import.meta.url));

/** Where the Jest results of one project lie, so that a cached task restores them. */
export function resultsFile(project) {
  return `${resultsFolder}${project}.json`;
}

import { z } from 'zod';
import { clusterSchema } from './schema.js';

/** `cluster.schema.json`: what editors and other tools can check without this package. */
export function clusterJsonSchema(): object {
  const schema = z.toJSONSchema(clusterSchema, { io: 'input', target: 'draft-7' });
  return {
    ...schema,
    title: 'Synod cluster',
    description: 'cluster.yaml: the servers, accounts, registers and tokens',
  };
}

// Writes cluster.schema.json from the schema the reader uses: `npm run schema`, after a build.
import { writeFileSync } from 'node:fs';
import { clusterJsonSchema } from '../dist/json-schema.js';

const file = new URL('../cluster.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(clusterJsonSchema(), null, 2)}\n`);

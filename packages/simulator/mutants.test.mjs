import { fileURLToPath } from 'node:url';
import { testMutants } from '../../tools/mutants.mjs';
import { mutants } from './mutants.mjs';

testMutants(fileURLToPath(new URL('.', import.meta.url)), mutants);

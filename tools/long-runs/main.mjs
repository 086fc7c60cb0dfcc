// `node --expose-gc tools/long-runs/main.mjs run|open ledger|registers JSON`: one process of a long run, on the store in
// the `directory` that the options name; long-runs.test.mjs starts a few of them one after the other.
import { openLedger, runLedger } from './ledger.mjs';
import { openRegisters, runRegisters } from './registers.mjs';

const programs = {
  'run ledger': runLedger,
  'open ledger': openLedger,
  'run registers': runRegisters,
  'open registers': openRegisters,
};
const [verb, system, options] = process.argv.slice(2);
await programs[`${verb} ${system}`](JSON.parse(options));

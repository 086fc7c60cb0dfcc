export { freeAddresses } from '@synod/cluster';
export { Counter, type CounterProtocol } from './counter.js';
export { cutJournalIn } from './cut-journal.js';
export { firstReport } from './first-report.js';
export { flipBitIn } from './flip-bit.js';
export { ServerProcess, type Exit, type LogLine } from './server-process.js';
export { newPlace, ServerWorkspace, type Place } from './server-workspace.js';
export { Successor } from './successor.js';

import type { BenchPlan } from '../plan.js';
import { ledgerStage } from './ledger-stage.js';
import { memberStage } from './member-stage.js';
import { registerStage } from './register-stage.js';
import { singleStage } from './single-stage.js';
import type { Stage } from './stage.js';

/** Starts what is measured and who measures it. Rejects with `SynodError`, leaving nothing but files in the directory. */
export function openStage(plan: BenchPlan, directory: string): Promise<Stage> {
  switch (plan.system) {
    case 'register':
      return plan.embedded ? singleStage(plan, directory) : registerStage(plan, directory);
    case 'ledger':
      return ledgerStage(plan, directory);
    case 'paxos':
    case 'transport':
      return memberStage(plan, directory);
    case 'storage':
      return singleStage(plan, directory);
  }
}

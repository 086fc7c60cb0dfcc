import { quote } from '@synod/cluster';
import { SynodError } from '@synod/kernel';
import { ledgerSystem } from '@synod/ledger/simulation';
import { registerSystem } from '@synod/register/simulation';
import type { System } from '@synod/simulator';

/** What can be simulated, by name. */
export const systems: Readonly<Record<string, System>> = { register: registerSystem, ledger: ledgerSystem };

/** Throws `SynodError` `invalid_argument` if there is none of that name. */
export function systemNamed(name: string): System {
  const system = Object.hasOwn(systems, name) ? systems[name] : undefined;
  if (system) return system;
  throw new SynodError('invalid_argument', `there is no system ${quote(name)}: ${Object.keys(systems).join(', ')}`);
}

import { registerMachine, subjectOf, type RegisterProtocol } from '@synod/register';
import { systemRandom, type Application, type Instruments, type Recovered } from '@synod/server';
import { LoopRegisters, registerFingerprint, replicationIn, SearchPool, tokenKey, TokenManager } from '@synod/tokens';
import { audiblePart, CellSizes, registerMessageCodec, registerService, tokenService } from '@synod/transport/server';
import { failpointTypes } from './failpoint-types.js';
import { writeInitial } from './initial-writes.js';
import { Adoptions } from './observation/adoptions.js';
import { MembershipEvents } from './observation/membership-events.js';
import { RegisterObserver } from './observation/register-observer.js';
import { checkInitial, type RegisterServerOptions } from './options.js';
import { peersOf } from './peers.js';
import { RegisterDoor } from './register-door.js';
import { storeConfiguration } from './store-configuration.js';
import { subjectKey } from './subject-key.js';
import { TokenDesk } from './token-desk.js';

/** All that makes a server a node of registers and tokens. */
export function registerApplication(
  { config, maxRange, replacement }: RegisterServerOptions,
  instruments: Instruments,
): Application<RegisterProtocol> {
  const { server: self, metrics, events, members, silence, backlog } = instruments;
  const replicaSetOf = replicationIn(config);
  const adoptions = new Adoptions();
  const sizes = new CellSizes();
  const tokenKeys = new Map(config.tokens.map(({ id }) => [tokenKey(id), id]));
  const door = new RegisterDoor(instruments, { config, tokens: tokenKeys, adoptions, sizes });
  const pool = new SearchPool({ maxRange });
  checkInitial(config, pool);
  const registers = new LoopRegisters(door.invokeForTokens);
  const tokens = new TokenManager({ self, scheme: config, registers, pool });
  const ready = async (): Promise<boolean> => (await door.report()).ready;
  const ending = new AbortController();
  return {
    fingerprint: registerFingerprint(config, pool.maxRange),
    store: storeConfiguration(config),
    definition: sizes.from(
      registerMachine({
        self,
        members: peersOf(self, config),
        replicaSetOf,
        replicaSets: [...config.registers, ...config.tokens],
        replacement,
        random: systemRandom,
        onDisk: (disk) => members.setDisk(disk),
        onReplacements: (replacements) => {
          for (const { node, version, disk, address } of replacements) {
            members.setMember(node, { since: version, disk, address });
          }
        },
      }),
    ),
    codec: registerMessageCodec,
    subjectOf,
    audiblePart,
    silenceKey: (subject) => subjectKey(subject, config),
    failpointTypes,
    door,
    services: [
      registerService(door, { calls: metrics, silence, backlog }),
      tokenService(new TokenDesk(tokens, door, instruments), { calls: metrics, silence, backlog }),
    ],
    observer: new RegisterObserver(door, { adoptions, sizes }, new MembershipEvents(events, ready)),
    async replace({ server: node, disk, address }) {
      const { replacement } = await door.ask({ type: 'replace', node, disk, address }, 'replaced');
      return { type: 'configuration', version: replacement.version };
    },
    ready,
    recovered: () => recovered(door, instruments),
    started: () => void writeInitial(tokens, events, ending.signal),
    close: () => {
      ending.abort();
      return pool.close();
    },
  };
}

async function recovered(door: RegisterDoor, { server, members: { disk } }: Instruments): Promise<Recovered> {
  const { cells } = await door.report();
  const waiting = disk?.waits ? `waits to be accepted as ${server} (disk ${disk.identity}), ` : '';
  return { text: `${waiting}${cells} registers`, fields: { registers: String(cells) } };
}

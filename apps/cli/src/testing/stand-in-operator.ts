import { readTransactionFile } from '@synod/ledger/file';
import { Interpreter } from '../menu/interpreter.js';
import { LedgerOperator } from '../menu/ledger-operator.js';
import { Operator } from '../menu/operator.js';
import { RegisterOperator } from '../menu/register-operator.js';
import type { Processes } from '../menu/server-commands.js';
import type { PlayObserver } from '../play/fates.js';
import { Player } from '../play/player.js';
import { StandInLedger } from './stand-in-ledger.js';
import { StandInRegisters } from './stand-in-registers.js';

const file = '1,"(S1, S2, 5) ; (S2, S3, 5)","[S1, S2, S3]"\n2,"(S1, S2, 5)","[S1, S2]"\n';

export interface StandInOptions {
  /** Started elsewhere: no processes, and no file. */
  readonly isElsewhere?: boolean;
  readonly observer?: PlayObserver;
}

/** The commands, in front of a ledger and registers that are not there. */
export class StandInOperator {
  readonly ledger = new StandInLedger();
  readonly registers = new StandInRegisters();
  readonly interpreter: Interpreter;

  constructor({ isElsewhere = false, observer = {} }: StandInOptions = {}) {
    const { ledger, registers } = this;
    const sets = readTransactionFile(file, { servers: ledger.servers, accounts: ledger.homes });
    const player = isElsewhere ? undefined : new Player(ledger, sets, { short: 'queue', concurrent: false, observer });
    this.interpreter = new Interpreter(
      new Operator({
        ledger: new LedgerOperator({ cluster: ledger, player, processes: isElsewhere ? undefined : processes(ledger) }),
        registers: new RegisterOperator({
          cluster: registers,
          processes: isElsewhere ? undefined : processes(registers),
        }),
      }),
    );
  }

  close(): void {
    for (const { board, client } of [this.ledger, this.registers]) {
      board.close();
      client.close();
    }
  }
}

function processes({ down }: { readonly down: Set<string> }): Processes {
  return {
    crash: async (server) => void down.add(server),
    restart: async (server) => void down.delete(server),
  };
}

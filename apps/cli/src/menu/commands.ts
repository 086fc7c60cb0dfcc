import type { Command } from './command.js';
import { numberedCommands } from './numbered-commands.js';
import { outageCommands } from './outage-commands.js';
import { tokenCommands } from './token-commands.js';

/** The one table behind every face, in the order of the menu. */
export const commands: readonly Command[] = [...numberedCommands, ...outageCommands, ...tokenCommands];

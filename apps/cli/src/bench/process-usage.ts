import { readFileSync } from 'node:fs';

/** What a process has used so far. */
export interface ProcessUsage {
  readonly cpuSeconds: number;
  /** The most memory it ever held. */
  readonly peakBytes: number;
}

/** Linux counts in hundredths of a second for whoever reads `/proc`, whatever it counts in itself: `USER_HZ`. */
const ticksPerSecond = 100;
/** Of `/proc/<pid>/stat`, counted behind the name of the command, which may hold anything: proc(5). */
const userTime = 11;
const systemTime = 12;

/** Undefined where the system does not tell, or the process is gone. */
export function usageOf(pid: number): ProcessUsage | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const cpuSeconds = (Number(fields[userTime]) + Number(fields[systemTime])) / ticksPerSecond;
    const kibibytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return { cpuSeconds, peakBytes: Number(kibibytes ?? 0) * 1024 };
  } catch {
    return undefined;
  }
}

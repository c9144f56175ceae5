import { readdirSync, readFileSync } from 'node:fs';

/**
 * What a process and its descendants have done so far: the same twice in a row when none of them has run in between. Undefined while one is running, or in the
 * middle of a system call that does not wait for events. Linux.
 *
 * That all wait is not enough: while they are looked at one after the other, work may go from one that is not looked at yet to one that has been.
 */
export function traceOf(root: number): string | undefined {
  const trace: string[] = [];
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    for (const task of list(`/proc/${pid}/task`)) {
      const stat = read(`/proc/${pid}/task/${task}/stat`);
      // The name stands in brackets and may contain anything; the state follows it.
      const state = stat.charAt(stat.lastIndexOf(')') + 2);
      if (state === 'R' || state === 'D') return undefined;
      trace.push(`${task} ${timesOnCore(pid, task)}`);
      for (const child of read(`/proc/${pid}/task/${task}/children`).trim().split(' ')) {
        if (child !== '') waiting.push(Number(child));
      }
    }
  }
  return trace.join();
}

/** How often it was given a core. */
function timesOnCore(pid: number, task: string): string {
  return read(`/proc/${pid}/task/${task}/schedstat`).trim().split(' ')[2] ?? '';
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

import { readdirSync, readFileSync } from 'node:fs';

/** Whether a process or one of its descendants is running or in the middle of a system call that does not wait for events. Linux. */
export function isTreeBusy(root: number): boolean {
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    for (const task of list(`/proc/${pid}/task`)) {
      const stat = read(`/proc/${pid}/task/${task}/stat`);
      // The name stands in brackets and may contain anything; the state follows it.
      const state = stat.charAt(stat.lastIndexOf(')') + 2);
      if (state === 'R' || state === 'D') return true;
      for (const child of read(`/proc/${pid}/task/${task}/children`).trim().split(' ')) {
        if (child !== '') waiting.push(Number(child));
      }
    }
  }
  return false;
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

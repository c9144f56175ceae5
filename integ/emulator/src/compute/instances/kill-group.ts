/**
 * Ends a process that was spawned detached, with all that it has begun: it leads a process group of its own. Its end alone might leave a child that has
 * not been told yet to end with it.
 */
export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

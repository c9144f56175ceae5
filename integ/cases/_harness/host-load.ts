import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** Keeps the host busy: processes that do nothing but use a core each. */
export class HostLoad {
  private readonly processes: readonly ChildProcess[];

  public constructor(count: number) {
    this.processes = Array.from({ length: count }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  }

  public stop(): void {
    this.processes.forEach((child) => child.kill('SIGKILL'));
  }
}

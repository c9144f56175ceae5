import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { capture } from './capture';
import type { HostScript, InstanceHost, RunningScript } from './host';
import { killGroup } from './kill-group';
import { makeToolFolder } from './layer';
import { traceOf } from './processes';

export interface RootedOptions {
  readonly folder: string;
  readonly tools: readonly string[];
  readonly sums: string;
  readonly reason: string;
}

/**
 * A host without namespaces: commands' scripts run as ordinary processes in the instance's folder, with the tools in front of PATH.
 *
 * Nothing holds a script back that writes to absolute paths; so this happens only when the user has said that scripts may run.
 */
export class RootedHost implements InstanceHost {
  public readonly kind = 'rooted';
  public readonly runsUserData = false;
  public readonly reason: string;
  private hasTools = false;

  public constructor(private readonly options: RootedOptions) {
    this.reason = options.reason;
  }

  public start(script: HostScript): Promise<RunningScript> {
    const { folder, tools, sums } = this.options;
    const toolFolder = join(folder, 'tools');
    if (!this.hasTools) makeToolFolder(toolFolder, tools, sums);
    this.hasTools = true;
    const root = join(folder, script.instance.instanceId);
    const file = join(root, script.path);
    const door = join(dirname(file), 'door');
    mkdirSync(dirname(file), { recursive: true });
    for (const name of ['tmp', 'root']) mkdirSync(join(root, name), { recursive: true });
    writeFileSync(file, script.content);
    chmodSync(file, 0o700);
    const architecture = script.instance.architecture === 'arm64' ? 'aarch64' : 'x86_64';
    writeFileSync(door, `${script.door.port}\n${script.door.token}\n\n${architecture}\n${root}\n`);
    const child = spawn('/bin/bash', ['-c', file], {
      cwd: root,
      env: {
        PATH: `${join(toolFolder, 'bin')}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
        HOME: join(root, 'root'),
        TMPDIR: join(root, 'tmp'),
        EMULATOR_DOOR: door,
        EMULATOR_ROOT: root,
        ...script.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    return Promise.resolve({
      ended: capture(child),
      kill: () => killGroup(child.pid),
      trace: () => traceOf(child.pid!),
    });
  }
}

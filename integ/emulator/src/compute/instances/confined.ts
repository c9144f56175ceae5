import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { capture } from './capture';
import { fingerprintOf } from './fingerprint';
import type { HostScript, InstanceHost, RunningScript } from './host';
import { killGroup } from './kill-group';
import { STUBS, makeLayer } from './layer';
import { traceOf } from './processes';
import { seedSystemFiles } from './system-files';

export interface ConfinedOptions {
  /** Holds a folder per instance. */
  readonly folder: string;
  readonly tools: readonly string[];
  readonly sums: string;
}

/** Programs of the host that the confinement is made with. */
interface Programs {
  readonly unshare: string;
  readonly nsenter: string;
  readonly bash: string;
}

/** The namespaces of an instance, as long as a script runs in them. */
interface Holder {
  readonly process: ChildProcess;
  readonly ready: Promise<number>;
  users: number;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Linux: scripts run as root of a user namespace, in a file system made of the host's programs and the instance's own files.
 *
 * A process that does nothing keeps an instance's namespaces while scripts run, so that two commands on one instance see each
 * other's files; each script has a process namespace of its own, which takes everything with it when the script ends.
 */
export class ConfinedHost implements InstanceHost {
  public readonly kind = 'confined';
  public readonly runsUserData = true;
  private readonly holders = new Map<string, Holder>();
  private readonly layers = new Set<string>();

  public constructor(private readonly options: ConfinedOptions, private readonly programs: Programs) {}

  public async start(script: HostScript): Promise<RunningScript> {
    const { instance } = script;
    const folder = join(this.options.folder, instance.instanceId);
    const holder = this.hold(script, folder);
    holder.users += 1;
    try {
      const pid = await holder.ready;
      // The script lies in one of the instance's own folders, which are plain folders of the host.
      const file = join(folder, script.path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, script.content);
      chmodSync(file, 0o700);
      return this.run(script, pid, () => this.leave(instance.instanceId, holder));
    } catch (error) {
      this.leave(instance.instanceId, holder);
      throw error;
    }
  }

  public fingerprint(instanceId: string): string | undefined {
    return fingerprintOf(join(this.options.folder, instanceId), ['.work', 'mnt', 'var/lib/cloudhsm-emulator/units']);
  }

  private run(script: HostScript, pid: number, over: () => void): RunningScript {
    const { unshare, nsenter } = this.programs;
    const { instance, door } = script;
    const child = spawn(nsenter, [
      `--target=${pid}`, '--user', '--mount', '--preserve-credentials', '--',
      unshare, '--mount', '--pid', '--uts', '--fork', '--mount-proc', '--kill-child', '--',
      '/bin/bash', '/usr/lib/cloudhsm-emulator/launch.sh',
      instance.hostname, String(door.port), door.token, instance.architecture === 'arm64' ? 'aarch64' : 'x86_64', script.workingDirectory,
      '/bin/sh', '-c', script.command,
    ], { env: { PATH, HOME: '/root', ...script.env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    return {
      ended: capture(child).finally(over),
      kill: () => killGroup(child.pid),
      trace: () => traceOf(child.pid!),
    };
  }

  private hold({ instance }: HostScript, folder: string): Holder {
    const known = this.holders.get(instance.instanceId);
    if (known) return known;
    mkdirSync(folder, { recursive: true });
    seedSystemFiles(folder, instance);
    const process = confine(this.programs, folder, `../${this.layer(instance.platform)}`);
    const holder: Holder = { process, ready: readiness(process), users: 0 };
    this.holders.set(instance.instanceId, holder);
    return holder;
  }

  private leave(instanceId: string, holder: Holder): void {
    holder.users -= 1;
    if (holder.users > 0) return;
    this.holders.delete(instanceId);
    holder.process.stdin?.end();
  }

  /** One layer of tools for systems whose `sh` is bash, one for the others. */
  private layer(platform: string): string {
    const shIsBash = !platform.startsWith('u');
    const name = shIsBash ? 'layer-sh-is-bash' : 'layer';
    if (!this.layers.has(name)) {
      makeLayer(join(this.options.folder, name), { ...this.options, shIsBash });
      this.layers.add(name);
    }
    return name;
  }
}

/** What came of trying, by file system and programs: it takes a tenth of a second, and a process may start many emulators. */
const PROBED = new Map<string, Programs | string>();

/** Tries the real thing once, in a folder beside the instances. @returns why it cannot be done, when it cannot */
export function probe(folder: string): Programs | string {
  if (process.platform !== 'linux') return `namespaces are a feature of Linux and this is ${process.platform}`;
  const programs = { unshare: find('unshare'), nsenter: find('nsenter'), bash: find('bash') };
  for (const [name, path] of Object.entries(programs)) {
    if (path === undefined) return `${name} is not installed`;
  }
  mkdirSync(folder, { recursive: true });
  const where = JSON.stringify([statSync(folder).dev, programs]);
  if (!PROBED.has(where)) PROBED.set(where, tryOut(folder, programs as Programs));
  return PROBED.get(where)!;
}

function tryOut(folder: string, programs: Programs): Programs | string {
  const trial = mkdtempSync(join(folder, 'probe-'));
  try {
    mkdirSync(join(trial, 'layer', 'bin'), { recursive: true });
    const made = spawnSync(programs.unshare, confineArguments(programs, 'layer'), {
      cwd: trial, input: '', encoding: 'utf8', timeout: 10_000, env: { PATH },
    });
    if (made.status === 0 && made.stdout.startsWith('ready')) return programs;
    const said = (made.stderr || made.error?.message || `status ${made.status}`).trim().split('\n').pop();
    return `namespaces or overlays are refused (${said})`;
  } finally {
    removeTree(trial);
  }
}

function confine(programs: Programs, folder: string, layer: string): ChildProcess {
  return spawn(programs.unshare, confineArguments(programs, layer), { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'], env: { PATH } });
}

function confineArguments({ bash }: Programs, layer: string): string[] {
  return ['--user', '--map-root-user', '--mount', '--propagation', 'private', '--', bash, join(STUBS, 'confine.sh'), layer];
}

function readiness(holder: ChildProcess): Promise<number> {
  const said: Buffer[] = [];
  holder.stderr!.on('data', (chunk: Buffer) => said.push(chunk));
  return new Promise((resolve, reject) => {
    holder.stdout!.once('data', () => resolve(holder.pid!));
    holder.once('error', reject);
    holder.once('exit', () => reject(new Error(`[emulator] the instance's namespaces could not be made: ${Buffer.concat(said).toString('utf8').trim()}`)));
  });
}

function find(program: string): string | undefined {
  return (process.env.PATH ?? PATH).split(delimiter).concat(PATH.split(':')).map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** Copies what instances have written, for a snapshot: no script may run meanwhile. Layers of tools are made anew. */
export function copyInstanceFolders(from: string, to: string): void {
  const instances = existsSync(from) ? readdirSync(from).filter((name) => name.startsWith('i-')) : [];
  for (const instance of instances) {
    const own = readdirSync(join(from, instance)).filter((name) => !['.work', 'mnt'].includes(name)).map((name) => join(from, instance, name));
    mkdirSync(join(to, instance), { recursive: true });
    // Deleted files are device nodes and attributes in an overlay: only cp -a takes them along.
    const copied = own.length === 0 ? { status: 0, stderr: '' } : spawnSync('cp', ['-a', ...own, join(to, instance)], { encoding: 'utf8' });
    if (copied.status !== 0) throw new Error(`[emulator] the files of ${instance} could not be copied: ${copied.stderr.trim()}`);
  }
}

/** An overlay's work folder is not even readable to its owner. */
export function removeTree(folder: string): void {
  const open = (path: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      chmodSync(join(path, entry.name), 0o700);
      open(join(path, entry.name));
    }
  };
  if (!existsSync(folder)) return;
  open(folder);
  // A script that was ended a moment ago may still be at it.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

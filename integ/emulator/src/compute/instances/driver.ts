import { instanceCaller, instanceFacts } from './facts';
import type { InstanceFacts } from './facts';
import type { HostScript, InstanceHost } from './host';
import { ScriptRun } from './script-run';
import type { ScriptEnd } from './script-run';
import { UnitRuns } from './unit-runs';
import type { UnitRun } from './unit-runs';
import type { Outcome } from '../../access/answers';
import type { Activity, ActivityDriver, Json, Kernel } from '../../kernel';
import type { Host } from '../../wire/operation';
import { ServiceError } from '../../wire/operation';

/** The kernel's event for an answer that a script's tool waits for. */
export const ANSWERED = 'instances.answered';

/** The kernel's event for the end of a unit's command. */
export const UNIT_ENDED = 'instances.unit-ended';

/** How much of what a unit said is kept, in characters. */
const KEPT_OF_UNIT = 1000;

/** Arguments of an activity of kind `instance-script`. */
interface ScriptArgs {
  readonly account: string;
  readonly region: string;
  readonly instanceId: string;
  readonly purpose: 'command' | 'boot' | 'unit';
  readonly invocationId?: string;
  /** Name of the unit whose command it is. */
  readonly unit?: string;
  /** Name of a blob. */
  readonly script: string;
  readonly timeoutSeconds?: number;
  readonly workingDirectory?: string;
  /** Where the script lies on the instance. */
  readonly path?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A script that runs now, and what its tools need. */
export interface LiveScript {
  readonly run: ScriptRun;
  readonly facts: InstanceFacts;
  /** Host time, in milliseconds, that the instance's clock showed when the script began, and emulated time then. */
  readonly wallStart: number;
  readonly startedAt: number;
  /** Of a unit's command. */
  readonly unitRun?: UnitRun;
}

/** Runs instances' scripts as activities of the kernel. */
export class InstanceScripts implements ActivityDriver {
  public readonly units = new UnitRuns();

  private readonly live = new Map<string, LiveScript>();

  private chosen?: InstanceHost;

  /** @param choose finds out what the machine allows, which takes a while: not before there is a script */
  public constructor(private readonly kernel: Kernel, private readonly host: Host, private readonly choose: () => InstanceHost) {
    kernel.drive('instance-script', this);
    kernel.on(ANSWERED, (args) => this.answered(args));
  }

  /** The script behind a session of a tool. */
  public find(activityId: string | undefined): LiveScript | undefined {
    return activityId === undefined ? undefined : this.live.get(activityId);
  }

  public run(activity: Activity): void {
    if (activity.started) {
      this.live.get(activity.id)?.run.resume();
      return;
    }
    const args = activity.args as unknown as ScriptArgs;
    const timeout = (args.timeoutSeconds ?? Infinity) * 1000;
    const ownCharge = this.row<number>(OWN_CHARGE[args.purpose]);
    const run = new ScriptRun(this.kernel, activity.id, this.kernel.now + timeout, ownCharge, (end) => this.finish(activity, args, end));
    try {
      this.begin(activity, args, run);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      run.failToStart(`[emulator] ${error.message}`);
    }
  }

  public kill(activity: Activity, reason: 'turn' | 'cancelled'): void {
    const script = this.live.get(activity.id);
    if (reason === 'turn') {
      this.host.notBuilt(`the script of ${activity.id} held its turn too long on the host and was stopped`);
      script?.run.stop('turn');
      return;
    }
    this.live.delete(activity.id);
    void script?.run.abandon();
  }

  public lost(activity: Activity): void {
    this.report(activity.args as unknown as ScriptArgs, {
      exitCode: this.row<number>('lost-exit-code'),
      stdout: '',
      stderr: '[emulator] the emulator was stopped while this script ran: the script is lost, as on an instance that failed\n',
    }, 'lost');
  }

  /** Stops what runs on the host, before the kernel stops: in the state it was in flight, and is lost when the state is opened again. */
  public async dispose(): Promise<void> {
    const runs = [...this.live.values()].map(({ run }) => run.abandon());
    this.live.clear();
    await Promise.all(runs);
  }

  private get instances(): InstanceHost {
    if (!this.chosen) {
      this.chosen = this.choose();
      if (this.chosen.reason) this.host.notBuilt(this.chosen.reason);
    }
    return this.chosen;
  }

  private begin(activity: Activity, args: ScriptArgs, run: ScriptRun): void {
    const context = this.host.context({ service: 'instances', account: args.account, region: args.region });
    const facts = instanceFacts(context, args.instanceId);
    if (args.purpose !== 'command' && !this.instances.runsUserData) {
      this.host.notBuilt(`${args.unit ?? 'user data'} of ${args.instanceId}: it needs instances that are confined`);
      run.failToStart(`[emulator] ${args.unit ?? 'user data'} does not run on this host`);
      return;
    }
    const path = args.path ?? '/var/lib/cloud/instance/scripts/part-001';
    const { sessionToken } = this.host.credentials(instanceCaller(context, facts, activity.id));
    const unitRun = args.purpose === 'unit' ? this.units.begin(activity.id, args.instanceId, this.instances.fingerprint?.(args.instanceId)) : undefined;
    if (!unitRun) this.units.began(args.instanceId);
    this.live.set(activity.id, { run, facts, wallStart: this.kernel.hostTime(), startedAt: this.kernel.now, unitRun });
    const hostScript: HostScript = {
      instance: facts,
      content: this.kernel.blobs.get(args.script),
      path,
      command: args.purpose === 'boot' ? `${path} >>/var/log/cloud-init-output.log 2>&1` : path,
      workingDirectory: args.workingDirectory ?? '/',
      env: { ...this.environmentOf(args), ...args.env },
      door: { port: Number(new URL(this.host.endpoint()).port), token: sessionToken },
    };
    this.instances.start(hostScript).then((process) => run.attach(process), (error: Error) => run.failToStart(error.message));
  }

  /** What the agent sets; user data has no such variables. */
  private environmentOf({ purpose, instanceId, region }: ScriptArgs): Record<string, string> {
    return purpose === 'command' ? { AWS_SSM_INSTANCE_ID: instanceId, AWS_SSM_REGION_NAME: region } : {};
  }

  private finish(activity: Activity, args: ScriptArgs, end: ScriptEnd): void {
    const unitRun = this.live.get(activity.id)?.unitRun;
    if (unitRun) this.units.end(activity.id, args.instanceId, unitRun, this.instances.fingerprint?.(args.instanceId));
    this.live.delete(activity.id);
    this.kernel.finish(activity.id, () => this.report(args, end.reason === 'turn'
      ? { ...end, stderr: `${end.stderr}[emulator] the script held its turn too long on the host without ending or sleeping\n` }
      : end, end.reason));
  }

  /** In a transaction: tells whoever began the script. */
  private report({ account, region, instanceId, purpose, invocationId, unit }: ScriptArgs, end: ScriptEnd, reason?: ScriptEnd['reason'] | 'lost'): void {
    const stopped = reason === 'timeout' || reason === 'turn';
    const exitCode = stopped ? this.row<number>('stopped-exit-code') : end.exitCode;
    if (purpose === 'boot') {
      this.kernel.after(0, { kind: 'ec2.boot-script-ended', args: { account, region, instanceId, exitCode } });
      return;
    }
    const { stdout, stderr } = end;
    if (purpose === 'unit') {
      const output = (stdout + stderr).slice(-KEPT_OF_UNIT);
      this.kernel.after(0, { kind: UNIT_ENDED, args: { account, region, instanceId, unit, exitCode, output } });
      return;
    }
    this.kernel.after(0, { kind: 'ssm.script-ended', args: { account, region, invocationId, exitCode, stdout, stderr, reason } });
  }

  private answered({ activityId, key, output, error }: { readonly [name: string]: Json | undefined }): void {
    const outcome = (error === undefined ? { output: output ?? {} } : { error }) as unknown as Outcome;
    this.live.get(String(activityId))?.run.answered(String(key), outcome);
  }

  private row<T>(id: string): T {
    return this.kernel.tables.value<T>('instances', id);
  }
}

const OWN_CHARGE: Readonly<Record<ScriptArgs['purpose'], string>> = { boot: 'charge-boot', command: 'charge-script', unit: 'charge-unit' };

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CodeFolders } from './code';
import { Environment } from './environment';
import { LARGEST_ANSWER, exitError, seedOf, timeoutText, tooLarge } from './outcome';
import { FunctionProcess, clockFile, makeFolder } from './process';
import type { ErrorDocument, Message } from './process';
import { endLines, startLine } from './report-lines';
import { BOOTSTRAP, variablesOf } from './variables';
import type { Activity, ActivityDriver, EventSpec, Kernel } from '../../kernel';
import { awaitedCalls } from '../../wire/awaited-calls';
import type { FunctionJob, InvocationEnd } from '../../wire/function-job';
import type { Host } from '../../wire/operation';

export interface FunctionsOptions {
  /** Where code is unpacked and environments have their files. */
  readonly folder: string;
  /** Where AWS's names lead to; known once the emulator listens. */
  readonly tlsPort: () => number;
  /** The certificate of the authority behind that port. */
  readonly caFile: string;
}

/** Events of the kernel that belong to this driver. */
const TIMED_OUT = 'functions.timed-out';
const INIT_TIMED_OUT = 'functions.init-timed-out';

interface Ending {
  readonly payload: string;
  readonly failed: boolean;
  readonly dead: boolean;
  readonly status?: string;
  /** When it shows, if later than the charge says. */
  readonly notBefore?: number;
}

/**
 * Runs Lambda invocations: one child process per environment, one invocation at a time in each.
 *
 * The kernel gives an environment its turn; the process runs until it answers, dies, parks (only timers are left) or waits for
 * calls that are answered later. In the last case the gateway asks for the turn before it answers, and the answer arrives by
 * itself: all there is to do is to set the process's clock, and to wake it when a timer came first.
 */
export class Functions implements ActivityDriver {
  private readonly environments = new Map<string, Environment>();
  private readonly code: CodeFolders;
  private disposed = false;

  public constructor(private readonly kernel: Kernel, private readonly host: Host, private readonly options: FunctionsOptions) {
    this.code = new CodeFolders(join(options.folder, 'code'));
    // Of an emulator that was cut off: its processes ended when it did.
    rmSync(join(options.folder, 'environments'), { recursive: true, force: true });
    kernel.drive('function', this);
    kernel.on(TIMED_OUT, (args) => this.timedOut(String(args.environmentId)));
    kernel.on(INIT_TIMED_OUT, (args) => this.initTimedOut(String(args.environmentId)));
    awaitedCalls(kernel).onAdd((id) => {
      const environment = this.environments.get(id);
      if (environment) this.rest(environment);
    });
    this.listenForDiscards();
  }

  public run(activity: Activity): void {
    if (this.disposed) return;
    const known = this.environments.get(activity.id);
    if (!activity.started) {
      this.begin(activity.id, activity.args.job as unknown as FunctionJob, known);
      return;
    }
    if (!known) return;
    if (known.restart) {
      this.startProcess(known);
      return;
    }
    known.process?.setTime(this.kernel.now);
    if (known.parked) {
      known.parked = false;
      known.process?.say({ type: 'resume' });
    } else if (known.waiting?.until !== undefined && known.waiting.until <= this.kernel.now) {
      known.waiting = undefined;
      known.process?.wake();
    } else {
      // Its timers may have fired while it was giving up its turn: what it said last holds until it says something else.
      this.rest(known);
    }
  }

  public kill(activity: Activity, reason: 'turn' | 'cancelled'): void {
    const environment = this.environments.get(activity.id);
    if (reason === 'cancelled' || !environment) {
      this.discard(activity.id);
      return;
    }
    const { job } = environment;
    environment.print(this.kernel.now, `[emulator] ${job.functionName} held its turn too long on the host without a result or a timer`);
    const end = environment.phase === 'init' ? this.kernel.now : environment.invokedAt + job.timeoutSeconds * 1000;
    this.end(environment, { ...this.timeoutEnding(environment), notBefore: end });
  }

  public lost(activity: Activity): void {
    const { account, region, invocationId, log } = activity.args.job as unknown as FunctionJob;
    for (const id of timeoutIds(activity.id)) this.kernel.cancel(id);
    const end: InvocationEnd = {
      account, region, environmentId: activity.id, invocationId, payload: 'null', failed: true, dead: true, lost: true, log, lines: [], tail: '',
    };
    this.kernel.after(0, { kind: 'lambda.invocation-ended', args: plain(end) });
  }

  /** Ends every process; before the kernel stops. */
  public dispose(): void {
    this.disposed = true;
    for (const id of [...this.environments.keys()]) this.discard(id);
  }

  /** How many processes there are. */
  public get size(): number {
    return this.environments.size;
  }

  private begin(id: string, job: FunctionJob, known: Environment | undefined): void {
    this.kernel.transaction(() => this.kernel.store.table('functions/runtimes').put(job.runtime, { runtime: job.runtime, node: process.version }));
    if (known?.process?.alive && known.phase === 'idle') {
      known.begin(job);
      known.process.setTime(this.kernel.now);
      this.invoke(known);
      return;
    }
    const environment = new Environment(id, job);
    this.environments.set(id, environment);
    environment.initFrom = this.kernel.now;
    this.startProcess(environment);
  }

  private startProcess(environment: Environment): void {
    const { id, job } = environment;
    const again = environment.restart;
    environment.process?.kill();
    environment.restart = false;
    environment.parked = false;
    environment.phase = 'init';
    const folder = join(this.options.folder, 'environments', id);
    const temporary = makeFolder(folder, this.kernel.now);
    let taskRoot: string;
    try {
      taskRoot = this.code.of(job.code, () => this.kernel.blobs.get(job.code));
    } catch (error) {
      this.end(environment, this.failure({ errorType: 'Runtime.ImportModuleError', errorMessage: (error as Error).message }, true));
      return;
    }
    const process = new FunctionProcess({
      folder,
      script: BOOTSTRAP,
      arguments: [`--max-old-space-size=${Math.floor(job.memoryMb * 0.9)}`],
      cwd: taskRoot,
      variables: variablesOf(job, {
        credentials: this.host.credentials({ ...job.caller, activityId: id }),
        taskRoot,
        temporary,
        clock: clockFile(folder),
        endpoint: this.host.endpoint(),
        tlsPort: this.options.tlsPort(),
        caFile: this.options.caFile,
      }),
      hear: (message) => {
        if (environment.process === process) this.hear(environment, message);
      },
      spill: (text) => environment.print(this.kernel.now, text),
      ended: ({ code, signal }) => {
        if (environment.process === process) this.died(environment, code, signal);
      },
    });
    environment.process = process;
    if (again) this.startTimeout(environment);
    else this.kernel.transaction(() => this.kernel.after(job.initLimitMs, this.ownEvent(INIT_TIMED_OUT, environment)));
    process.say({ type: 'init', hostTime: this.kernel.hostTime(), seed: seedOf(this.kernel.seed, id, 0) });
  }

  /** Emulated time left is what the invocation may still use, when its environment was started anew inside it. */
  private startTimeout(environment: Environment): void {
    environment.invokedAt = this.kernel.now;
    this.kernel.transaction(() => this.kernel.after(environment.job.timeoutSeconds * 1000, this.ownEvent(TIMED_OUT, environment)));
  }

  private invoke(environment: Environment): void {
    const { id, job } = environment;
    environment.phase = 'invoke';
    const remaining = (): number => environment.invokedAt + job.timeoutSeconds * 1000 - this.kernel.now;
    if (!this.kernel.queue.get(timeoutIds(id)[0])) this.startTimeout(environment);
    environment.print(this.kernel.now, startLine(job, this.wireNow()));
    if (job.fault?.kind === 'timeout') {
      this.end(environment, { ...this.timeoutEnding(environment), notBefore: this.kernel.now + remaining() });
      return;
    }
    environment.process!.say({
      type: 'invoke',
      requestId: job.invocationId,
      invokedArn: job.invokedArn,
      event: job.event,
      clientContext: job.clientContext,
      traceId: job.traceId,
      hostTime: this.kernel.hostTime(),
      remainingMs: remaining(),
      seed: seedOf(this.kernel.seed, id, job.ordinal),
      killAfterCalls: job.fault?.afterCalls,
    });
  }

  private hear(environment: Environment, message: Message): void {
    switch (message.type) {
      case 'log':
        environment.print(message.at, message.text);
        return;
      case 'outside':
        this.host.notBuilt(`function ${environment.job.functionName}: ${message.what} is outside`);
        return;
      case 'ready':
        this.kernel.transaction(() => this.kernel.cancel(timeoutIds(environment.id)[1]));
        environment.initMs = environment.job.coldMs + this.kernel.now - environment.initFrom;
        this.invoke(environment);
        return;
      case 'park':
        environment.parked = true;
        this.flush(environment);
        // It may have said before that it waits, and its time may be up by now.
        if (this.kernel.activities.get(environment.id)) this.kernel.park(environment.id, message.until);
        return;
      case 'waiting':
        environment.waiting = message;
        this.rest(environment);
        return;
      case 'init-failed':
        this.end(environment, this.failure(message.error, true));
        return;
      case 'failed':
        environment.memoryMb = message.memoryMb ?? environment.memoryMb;
        this.end(environment, this.failure(message.error, message.fatal ?? false));
        return;
      case 'done':
        environment.memoryMb = message.memoryMb;
        this.end(environment, Buffer.byteLength(message.payload) > LARGEST_ANSWER
          ? this.failure(tooLarge(), false)
          : { payload: message.payload, failed: false, dead: false });
    }
  }

  /** Gives up the turn when everything that the process waits for will be answered later; its timers may come first. */
  private rest(environment: Environment): void {
    const { id, waiting } = environment;
    if (!waiting || !this.kernel.isRunning(id) || !awaitedCalls(this.kernel).includes(id, waiting.calls)) return;
    // It waits for nothing that could come.
    if (waiting.calls.length === 0 && waiting.until === undefined) return;
    this.flush(environment);
    if (waiting.until === undefined) this.kernel.hold(id);
    else this.kernel.park(id, waiting.until);
  }

  private died(environment: Environment, code: number | null, signal: string | null): void {
    if (environment.phase === 'idle' || this.disposed) {
      this.environments.delete(environment.id);
      return;
    }
    const error = exitError(environment.job.invocationId, code, signal);
    environment.print(this.kernel.now, `${error.errorMessage}\n${error.errorType}`);
    this.end(environment, this.failure(error, true));
  }

  private failure(error: ErrorDocument, dead: boolean): Ending {
    return { payload: JSON.stringify(error), failed: true, dead, status: dead ? 'error' : undefined };
  }

  private timeoutEnding(environment: Environment): Ending {
    const { invocationId, timeoutSeconds } = environment.job;
    const text = timeoutText(timeoutSeconds);
    environment.print(this.kernel.now, `${this.wireNow()} ${invocationId} ${text}`);
    const named = this.kernel.tables.value<boolean>('lambda', 'timeout-names-its-type');
    const error = named
      ? { errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${invocationId} Error: ${text}` }
      : { errorMessage: `${this.wireNow()} ${invocationId} ${text}` };
    return { payload: JSON.stringify(error), failed: true, dead: true, status: 'timeout' };
  }

  /** The invocation is over; its result shows when its charge has passed. */
  private end(environment: Environment, ending: Ending): void {
    this.kernel.finish(environment.id, () => this.recordEnd(environment, ending));
    if (ending.dead) this.discard(environment.id);
    else environment.phase = 'idle';
  }

  /** In a transaction. */
  private recordEnd(environment: Environment, { payload, failed, dead, status, notBefore = 0 }: Ending): void {
    const { id, job, initMs, memoryMb } = environment;
    const { account, region, invocationId, log } = job;
    for (const eventId of timeoutIds(id)) this.kernel.cancel(eventId);
    const shows = Math.max(this.kernel.now + job.chargeMs, notBefore);
    const durationMs = environment.phase === 'init' ? job.chargeMs : shows - environment.invokedAt;
    for (const line of endLines(job, this.wireNow(), { durationMs, initMs, memoryMb, status })) environment.print(this.kernel.now, line);
    const end: InvocationEnd = {
      account, region, environmentId: id, invocationId, payload, failed, dead, lost: false, log,
      lines: environment.takeLines(), tail: environment.logTail(),
    };
    this.kernel.after(shows - this.kernel.now, { kind: 'lambda.invocation-ended', args: plain(end) });
  }

  /** Hands over what was printed so far: a function that sleeps for minutes has its lines in the log meanwhile. */
  private flush(environment: Environment): void {
    const lines = environment.takeLines();
    if (lines.length === 0) return;
    const { account, region, log } = environment.job;
    this.kernel.transaction(() => this.kernel.after(0, { kind: 'lambda.logged', args: plain({ account, region, log, lines }) }));
  }

  /** In a transaction: emulated time has reached the end of the invocation's time. */
  private timedOut(id: string): void {
    const environment = this.environments.get(id);
    if (!environment || !this.kernel.activities.get(id)) return;
    this.recordEnd(environment, this.timeoutEnding(environment));
    this.kernel.abandon(id);
  }

  /** In a transaction: the start has used up its time. It is made again, now at the expense of the invocation. */
  private initTimedOut(id: string): void {
    const environment = this.environments.get(id);
    if (!environment || environment.phase !== 'init' || !this.kernel.activities.get(id)) return;
    environment.print(this.kernel.now, `INIT_REPORT Init Duration: ${environment.job.initLimitMs.toFixed(2)} ms\tPhase: init\tStatus: timeout`);
    environment.restart = true;
    environment.process?.kill();
    this.kernel.activities.set(id, 'RUNNABLE', this.kernel.now);
  }

  private ownEvent(kind: string, { id, job }: Environment): { kind: string; id: string; args: { environmentId: string; invocationId: string } } {
    return { kind, id: `${kind}/${id}`, args: { environmentId: id, invocationId: job.invocationId } };
  }

  private wireNow(): string {
    return new Date(this.kernel.hostTime()).toISOString();
  }

  private discard(id: string): void {
    const environment = this.environments.get(id);
    this.environments.delete(id);
    environment?.process?.kill();
  }

  /** The service drops environments that are idle for long or whose code is old. */
  private listenForDiscards(): void {
    this.kernel.once('function-environment-ended', (id) => {
      this.listenForDiscards();
      if (!this.kernel.activities.get(String(id))) this.discard(String(id));
    });
  }
}

function timeoutIds(environmentId: string): [string, string] {
  return [`${TIMED_OUT}/${environmentId}`, `${INIT_TIMED_OUT}/${environmentId}`];
}

/** As the arguments of an event. */
function plain(value: object): EventSpec['args'] {
  return JSON.parse(JSON.stringify(value)) as EventSpec['args'];
}

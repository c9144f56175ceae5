import type { ScriptExit, RunningScript } from './host';
import type { Outcome } from '../../access/answers';
import type { Kernel } from '../../kernel';

export type EndReason = 'timeout' | 'turn';

export interface ScriptEnd extends ScriptExit {
  readonly reason?: EndReason;
}

interface Sleeper {
  /** Unknown as long as the script has the turn in which the sleep began. */
  readonly until?: number;
  readonly milliseconds: number;
  readonly wake: () => void;
}

/** Charges below this are only added up: a turn is not given up for them. */
const SMALL_CHARGE_MS = 20;

/** Host milliseconds between two looks at a script's processes. */
const LOOK_MS = 1;

/**
 * A script on the host and its place in emulated time.
 *
 * While it has the turn, time stands. It gives the turn up when all its processes wait and some of them for emulated time or for
 * an answer that comes later; then it is parked until the first of these. What tools are charged is added up in `lag` and passes
 * at the next park, at the latest when the script has ended.
 *
 * Sleeps that begin in one turn all begin at its end: which of several processes got ahead on the host must not show in emulated time.
 */
export class ScriptRun {
  private process: RunningScript | undefined;
  private sleepers: Sleeper[] = [];
  private readonly awaited = new Map<string, (outcome: Outcome) => void>();
  private queue: Array<() => void> = [];
  private lag = 0;
  private turn = true;
  private looking = false;
  private end: ScriptEnd | undefined;
  private reason: EndReason | undefined;
  private abandoned = false;

  public constructor(
    private readonly kernel: Kernel,
    public readonly activityId: string,
    /** Emulated time at which it is stopped. */
    private readonly deadline: number,
    /** Emulated milliseconds that the script itself takes, however short it is. */
    private readonly ownCharge: number,
    /** Called in its turn, when the result may show. */
    private readonly finish: (end: ScriptEnd) => void,
  ) {}

  /** Emulated time as the script sees it. */
  public get now(): number {
    return this.kernel.now + this.lag;
  }

  public attach(process: RunningScript): void {
    this.process = process;
    if (this.reason || this.abandoned) process.kill();
    void process.ended.then((exit) => this.ended(exit));
  }

  /** It could not even be started. */
  public failToStart(message: string): void {
    this.ended({ exitCode: 1, stdout: '', stderr: `${message}\n` });
  }

  /** Stops it; `finish` follows when it is its turn. */
  public stop(reason: EndReason): void {
    this.reason ??= reason;
    this.process?.kill();
  }

  /** Stops it; nobody waits for its end any more. Resolves when it is gone from the host. */
  public async abandon(): Promise<void> {
    this.abandoned = true;
    this.process?.kill();
    await this.process?.ended;
  }

  /** Resolves when so much emulated time has passed and it is this script's turn. `signal` takes the wish back. */
  public pass(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (this.turn && milliseconds < SMALL_CHARGE_MS) {
      this.lag += milliseconds;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const sleeper = { milliseconds, wake: resolve, ...(this.turn ? {} : { until: this.now + milliseconds }) };
      this.sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.sleepers = this.sleepers.filter(({ wake }) => wake !== resolve);
      }, { once: true });
      if (this.turn) this.look();
      else this.askForTurn(this.firstWake());
    });
  }

  /** Resolves with the turn in hand, at the present emulated time. */
  public whenItsTurn(): Promise<void> {
    if (this.turn) return Promise.resolve();
    return new Promise((resolve) => {
      this.queue.push(resolve);
      this.askForTurn(this.kernel.now);
    });
  }

  /** Resolves when the answer that was promised under this key has come. */
  public awaitAnswer(key: string): Promise<Outcome> {
    return new Promise((resolve) => {
      this.awaited.set(key, resolve);
      this.look();
    });
  }

  /** In an event: the answer is there. It shows when the script has its turn again. */
  public answered(key: string, outcome: Outcome): void {
    const resolve = this.awaited.get(key);
    if (!resolve) return;
    this.awaited.delete(key);
    if (this.turn) {
      resolve(outcome);
      return;
    }
    this.queue.push(() => resolve(outcome));
    this.askForTurn(this.kernel.now);
  }

  /** It has its turn again. */
  public resume(): void {
    this.turn = true;
    this.lag = 0;
    if (this.end) {
      this.finish(this.end);
      return;
    }
    if (this.kernel.now >= this.deadline) {
      this.stop('timeout');
      return;
    }
    const isDue = ({ until }: Sleeper): boolean => until !== undefined && until <= this.kernel.now;
    const due = this.sleepers.filter(isDue);
    this.sleepers = this.sleepers.filter((sleeper) => !isDue(sleeper));
    const queue = this.queue;
    this.queue = [];
    for (const { wake } of due) wake();
    for (const wake of queue) wake();
    this.look();
  }

  /** Parks once nothing of the script is at work on the host. */
  private look(): void {
    if (this.looking) return;
    this.looking = true;
    let last: string | undefined;
    const next = (): void => {
      if (!this.turn || this.end || this.abandoned || (this.sleepers.length === 0 && this.awaited.size === 0)) {
        this.looking = false;
        return;
      }
      // Twice in a row the same: none has run, and between two looks everything that was sent to the emulator has been read.
      const trace = this.process?.trace();
      const isQuiet = trace !== undefined && trace === last;
      last = trace;
      if (!isQuiet) {
        setTimeout(() => setImmediate(next), LOOK_MS);
        return;
      }
      this.looking = false;
      this.sleepers = this.sleepers.map((sleeper) => ({ until: this.now + sleeper.milliseconds, ...sleeper }));
      this.giveUpTurn(this.firstWake());
    };
    setTimeout(() => setImmediate(next), LOOK_MS);
  }

  private firstWake(): number {
    return Math.max(this.now, Math.min(this.deadline, ...this.sleepers.map(({ until = Infinity }) => until)));
  }

  private giveUpTurn(until: number): void {
    this.turn = false;
    this.park(until);
  }

  private askForTurn(at: number): void {
    const parkedUntil = this.kernel.activities.get(this.activityId)?.at ?? Infinity;
    this.park(Math.min(at, parkedUntil));
  }

  private park(until: number): void {
    if (this.kernel.activities.get(this.activityId)) this.kernel.park(this.activityId, until);
  }

  private ended(exit: ScriptExit): void {
    if (this.abandoned) return;
    this.sleepers = [];
    this.awaited.clear();
    this.queue = [];
    // Time that has been charged beyond the limit would have stopped the script before it ended.
    if (this.now + this.ownCharge > this.deadline) this.reason ??= 'timeout';
    this.end = { ...exit, reason: this.reason };
    const until = this.reason === 'timeout' ? Math.max(this.kernel.now, this.deadline) : this.now + this.ownCharge;
    if (this.turn) this.giveUpTurn(until);
    else this.askForTurn(this.kernel.now);
  }
}

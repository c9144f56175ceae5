import type { ToolCall } from '../tools/tool';

/** A call of a tool, and what the tool's stub was told. */
export interface MadeToolCall {
  readonly call: ToolCall;
  readonly answer: string;
}

/** One run of a unit that a timer starts again and again: what it asked, and what it was told. */
export class UnitRun {
  private readonly made: MadeToolCall[] = [];
  private known = true;

  /**
   * @param ready calls that were made for it before it began
   * @param generation which of the instance's scripts it is
   * @param before the instance's files then
   */
  public constructor(private readonly ready: MadeToolCall[], public readonly generation: number, public readonly before: string | undefined) {}

  public get calls(): readonly MadeToolCall[] {
    return this.made;
  }

  /** Whether all that it was told is known. */
  public get isKnown(): boolean {
    return this.known;
  }

  /** The answer to a call that was made for it already. */
  public take(call: ToolCall): string | undefined {
    const at = this.ready.findIndex((one) => isSameCall(one.call, call));
    return at < 0 ? undefined : this.ready.splice(at, 1)[0].answer;
  }

  public note(call: ToolCall, answer: string): void {
    this.made.push({ call, answer });
  }

  /** It was told something that is no answer to a call. */
  public lose(): void {
    this.known = false;
  }

  public isLike(other: UnitRun): boolean {
    const { made } = other;
    const isSame = ({ call, answer }: MadeToolCall, at: number): boolean => answer === made[at].answer && isSameCall(call, made[at].call);
    return this.made.length === made.length && this.made.every(isSame);
  }
}

/**
 * Runs of units, so that one that would change nothing need not be done on the host.
 *
 * A run is steady when nothing of the instance's files was changed by it, the run before asked and was told the same, and no other script has begun since.
 * What it does next is then a matter of what it is told: the calls are made for it, and as long as the answers are the same it would end as it did.
 */
export class UnitRuns {
  private readonly generations = new Map<string, number>();
  private readonly last = new Map<string, UnitRun>();
  private readonly steadyRuns = new Map<string, UnitRun>();
  private readonly ready = new Map<string, MadeToolCall[]>();

  /** A script begins on an instance. */
  public began(instanceId: string): number {
    const generation = (this.generations.get(instanceId) ?? 0) + 1;
    this.generations.set(instanceId, generation);
    return generation;
  }

  /** @param unit its name on all instances */
  public begin(unit: string, instanceId: string, before: string | undefined): UnitRun {
    const run = new UnitRun(this.ready.get(unit) ?? [], this.began(instanceId), before);
    this.ready.delete(unit);
    return run;
  }

  public end(unit: string, instanceId: string, run: UnitRun, after: string | undefined): void {
    const former = this.last.get(unit);
    this.last.set(unit, run);
    const isAlone = run.generation === this.generations.get(instanceId);
    const isSteady = isAlone && run.isKnown && run.before !== undefined && run.before === after && former !== undefined && run.isLike(former);
    if (isSteady) this.steadyRuns.set(unit, run);
    else this.steadyRuns.delete(unit);
  }

  public steady(unit: string, instanceId: string): UnitRun | undefined {
    const run = this.steadyRuns.get(unit);
    return run && run.generation === this.generations.get(instanceId) ? run : undefined;
  }

  /** Calls that the next run need not make again. */
  public prepare(unit: string, calls: readonly MadeToolCall[]): void {
    this.ready.set(unit, [...calls]);
  }
}

function isSameCall(one: ToolCall, other: ToolCall): boolean {
  return text(one) === text(other);
}

function text({ tool, argv, cwd, env, files, answers }: ToolCall): string {
  return JSON.stringify([tool, argv, cwd, env, [...files].map(([path, content]) => [path, content?.toString('base64') ?? null]), answers]);
}

import { inventoryProblems, isBack, isGood, isHeldByService, statusProblems, timelineProblems } from './invariants';
import type { Sealed } from './inventory';
import { inventoryOf, logIn, opens, refusedLogins, seal } from './inventory';
import { rollBackAgain, whyFailed } from './last-operation';
import { secretsIn } from './leaks';
import { deedsOf } from './plan';
import type { Deed, Plan } from './plan';
import { HSMS } from './world';
import type { World } from './world';
import type { DirectStack } from '../cases/_harness/direct';
import { deleteDirectly } from '../cases/_harness/direct';
import type { Offline } from '../cases/_harness/offline';

/** What became of a life. */
export interface Played {
  /** `grow: UPDATE_COMPLETE`, … in the order of the life. */
  readonly endings: readonly string[];
  /** Why resources failed where a deed did not end well. */
  readonly reasons: readonly string[];
  /** How many of the plan's faults went off: a place may never be passed. */
  readonly fired: number;
  /** Broken invariants; none when all is as it must be. */
  readonly problems: readonly string[];
  readonly hostSeconds: number;
}

/** Plays the deeds of a plan with all that goes wrong in them; after a failure the same is done again with nothing going wrong, as a user would. */
export async function play(world: World, plan: Plan): Promise<Played> {
  const startedAt = performance.now();
  const [first, ...others] = deedsOf(plan);
  const endings: string[] = [];
  const reasons: string[] = [];
  const problems: string[] = [];
  let fired = 0;
  if (first) {
    const offline = await world.before(first, plan.seed);
    offline.emulator.kernel.onInternalError = (error) => problems.push(`internal error: ${error.message}`);
    try {
      const life = new Life(world, offline, plan);
      for (const deed of [first, ...others]) {
        const done = await life.play(deed);
        endings.push(...done.endings.map((status) => `${deed}: ${status}`));
        reasons.push(...done.reasons);
        fired += done.fired;
        problems.push(...done.problems.map((problem) => `${deed}: ${problem}`));
        if (problems.length > 0 || done.isOver) break;
      }
    } catch (error) {
      problems.push(error instanceof Error ? error.stack ?? error.message : String(error));
    } finally {
      await offline.stop();
    }
  }
  return { endings, reasons, fired, problems, hostSeconds: Math.round(performance.now() - startedAt) / 1000 };
}

/** What a deed came to, and once more if that was a failure. */
interface Done {
  readonly endings: string[];
  readonly reasons: string[];
  readonly fired: number;
  readonly problems: string[];
  /** Nothing can be done any more without the service. */
  readonly isOver?: boolean;
}

class Life {
  private sealed: Sealed | undefined;

  public constructor(private readonly world: World, private readonly offline: Offline, private readonly plan: Plan) {}

  public async play(deed: Deed): Promise<Done> {
    const { emulator } = this.offline;
    if (deed !== 'deploy') this.sealed ??= await seal(this.offline);
    this.arm(deed);
    const done = await this.attempt(deed);
    const fired = emulator.kernel.faults.all().filter((fault) => fault.fired > 0).length;
    emulator.clearFaults();
    await emulator.idle();
    const one: Done = { endings: [done.stack.status], reasons: done.why, fired, problems: done.problems };
    if (done.problems.length > 0 || isGood(deed, done.stack)) return one;
    if (isHeldByService(deed, done.stack, done.why)) return { ...one, isOver: true };
    // What a user does: the same again.
    if (done.stack.status.endsWith('ROLLBACK_FAILED')) await rollBackAgain(this.offline, 'Hsm');
    if (deed === 'deploy') await deleteDirectly(this.offline, 'Hsm');
    const again = await this.attempt(deed);
    const lost = isGood(deed, again.stack) ? [] : [`and again came to ${again.stack.status}: ${again.why.join('; ')}`];
    return { ...one, endings: [...one.endings, again.stack.status], problems: [...again.problems, ...lost] };
  }

  private arm(deed: Deed): void {
    const { emulator } = this.offline;
    for (const { during, ...fault } of this.plan.faults) if (during === deed) emulator.addFault(fault);
    for (const { during, afterSeconds, hsm, replaceSeconds } of this.plan.replacements) {
      if (during === deed) this.replaceLater(afterSeconds, hsm, replaceSeconds);
    }
  }

  /** Its time is the service's own: nobody waits for it. */
  private replaceLater(afterSeconds: number, which: number, replaceSeconds: number): void {
    const { kernel, environment, region } = this.offline.emulator;
    const hsms = this.offline.report().clusters.flatMap((cluster) => cluster.hsms.filter(({ state }) => state === 'ACTIVE'));
    if (hsms.length === 0) return;
    const { hsmId } = hsms[which % hsms.length];
    kernel.transaction(() => kernel.after(afterSeconds * 1000, {
      kind: 'cloudhsmv2.hsm-failed', args: { hsmId, replaceSeconds, account: environment.AWS_ACCESS_KEY_ID, region }, daemon: true,
    }));
  }

  private async attempt(deed: Deed): Promise<{ stack: DirectStack; why: string[]; problems: string[] }> {
    const { offline } = this;
    const before = await inventoryOf(offline);
    const seen = offline.report().timeline.length;
    const stack = await this.world.carryOut(offline, deed);
    const why = isGood(deed, stack) ? [] : await whyFailed(offline, 'Hsm');
    await this.settle();
    const after = await inventoryOf(offline);
    const timeline = offline.report().timeline.slice(seen);
    const problems = [
      ...statusProblems(deed, stack, why, timeline),
      ...inventoryProblems(deed, stack, before, after),
      ...timelineProblems(timeline, before, Math.max(HSMS[deed], before.hsms.length)),
      ...isGood(deed, stack) || isBack(deed, stack) ? await this.useProblems(after.clusters) : [],
      ...await secretsIn(offline),
    ];
    return { stack, why, problems };
  }

  /** An HSM that is being replaced is so when it is looked at. */
  private async settle(): Promise<void> {
    const { emulator } = this.offline;
    const moving = () => this.offline.report().clusters.some(({ hsms }) => hsms.some(({ state }) => state === 'DEGRADED'));
    for (let minutes = 0; moving() && minutes < 60; minutes += 5) await emulator.advance(5 * 60_000);
    await emulator.idle();
  }

  /** What was there before a deed can be used after it. */
  private async useProblems(clusters: readonly string[]): Promise<string[]> {
    const { offline, sealed } = this;
    const problems: string[] = [];
    for (const clusterId of clusters) {
      for (const [user, count] of Object.entries(await refusedLogins(offline, clusterId))) {
        if (count > 1) problems.push(`${count} logins as ${user} were refused`);
      }
      await logIn(offline).catch((error: Error) => problems.push(`the user does not log in: ${error.message}`));
    }
    if (sealed && clusters.length > 0 && !await opens(offline, sealed)) problems.push('the first ciphertext does not open');
    return problems;
  }
}

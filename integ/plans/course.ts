import * as fc from 'fast-check';
import { plans } from './arbitrary';
import type { Place } from './places';
import type { Plan } from './plan';
import { play } from './play';
import type { Played } from './play';
import type { World } from './world';

/** What became of the plan of a seed. */
export interface Ended extends Played {
  readonly seed: number;
  /** The plan; one that failed, as small as it could be made. */
  readonly plan: Plan;
}

/** Draws a plan for each seed, plays it, and shrinks those that fail. */
export class Course {
  private readonly arbitrary: fc.Arbitrary<Plan>;

  public constructor(private readonly world: World, places: readonly Place[], private readonly shrinkSeconds: number) {
    this.arbitrary = plans(places);
  }

  public async run(seed: number): Promise<Ended> {
    let last: { plan: Plan; played: Played } | undefined;
    let failing: { plan: Plan; played: Played } | undefined;
    const property = fc.asyncProperty(this.arbitrary, async (plan) => {
      last = { plan, played: await play(this.world, plan) };
      if (last.played.problems.length === 0) return true;
      failing = last;
      return false;
    });
    const isShrunk = this.shrinkSeconds > 0;
    await fc.check(property, {
      seed, numRuns: 1, unbiased: true, endOnFailure: !isShrunk, ...(isShrunk ? { interruptAfterTimeLimit: this.shrinkSeconds * 1000 } : {}),
    });
    const { plan, played } = failing ?? last!;
    return { seed, plan, ...played };
  }
}

import * as fc from 'fast-check';
import { plans } from './arbitrary';
import type { Place } from './places';
import type { Plan } from './plan';
import type { Played } from './play';

/** What became of the plan of a seed. */
export interface Ended extends Played {
  readonly seed: number;
  /** The plan; one that failed, as small as it could be made. */
  readonly plan: Plan;
}

export interface CourseOptions {
  /** Where something can go wrong. */
  readonly places: readonly Place[];
  readonly play: (plan: Plan) => Promise<Played>;
  /** For how long a plan that fails is made smaller; 0 leaves it as it is. */
  readonly shrinkSeconds: number;
}

/** Draws a plan for each seed, plays it, and shrinks those that fail. */
export class Course {
  private readonly arbitrary: fc.Arbitrary<Plan>;

  public constructor(private readonly options: CourseOptions) {
    this.arbitrary = plans(options.places);
  }

  public async run(seed: number): Promise<Ended> {
    const { play, shrinkSeconds } = this.options;
    let last: { plan: Plan; played: Played } | undefined;
    let failing: typeof last;
    const property = fc.asyncProperty(this.arbitrary, async (plan) => {
      last = { plan, played: await play(plan) };
      if (last.played.problems.length === 0) return true;
      failing = last;
      return false;
    });
    const limit = shrinkSeconds > 0 ? { interruptAfterTimeLimit: shrinkSeconds * 1000 } : { endOnFailure: true };
    await fc.check(property, { seed, numRuns: 1, unbiased: true, ...limit });
    const { plan, played } = failing ?? last!;
    return { seed, plan, ...played };
  }
}

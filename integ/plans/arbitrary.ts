import * as fc from 'fast-check';
import { failed, POINTS, throttled } from './places';
import type { Place, Point } from './places';
import { DEEDS } from './plan';
import type { Deed, Plan, PlannedFault, PlannedReplacement } from './plan';

/** Of the service's own times there are so many draws: lives begin with states that were made with one of them. */
export const SEEDS = 3;

/** So many things go wrong in one life at most. */
const MOST_FAULTS = 6;

/** A client makes a call three times, and a step that failed is made again; so does the AWS CLI on the admin client, whose scripts are run again. */
const MOST_TIMES = 7;

/** Calls that change nothing are most of all, and the least that can go wrong. */
const READ = /^(Describe|Get|List)/;

/** Deeds in a row in which something goes wrong: a whole life of trouble at once would always end in the first deed. */
const SPANS: ReadonlyArray<readonly Deed[]> = [['deploy'], ['deploy'], ['grow'], ['shrink'], ['grow', 'shrink'], ['shrink', 'destroy'], ['destroy']];

/** Plans of what may go wrong at these places, in the deeds that these are of. */
export function plans(places: readonly Place[]): fc.Arbitrary<Plan> {
  const spans = SPANS.filter((span) => span.every((deed) => places.some(({ during }) => during === deed)));
  return fc.constantFrom(...spans).chain((span) => fc.record({
    seed: fc.integer({ min: 1, max: SEEDS }),
    // Not by a least length: an array that may be empty is shrunk from both ends.
    faults: fc.array(fault(places.filter(({ during }) => span.includes(during)), span), { maxLength: MOST_FAULTS })
      .filter(({ length }) => length > 0),
    replacements: fc.array(replacement(span), { maxLength: 1 }),
  }));
}

function fault(places: readonly Place[], span: readonly Deed[]): fc.Arbitrary<PlannedFault> {
  const points = POINTS.flatMap((point) => point.during.filter((deed) => span.includes(deed)).map((during) => ({ ...point, during })));
  const [reads, writes] = [places.filter(({ operation }) => READ.test(operation)), places.filter(({ operation }) => !READ.test(operation))];
  return fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...reads).chain(callFault) },
    { weight: 2, arbitrary: fc.constantFrom(...writes).chain(callFault) },
    { weight: 2, arbitrary: fc.constantFrom(...points).chain(pointFault) },
  );
}

/** Places count the same however often they are passed: one that is passed once decides most. */
function callFault({ during, service, operation, caller, calls }: Place): fc.Arbitrary<PlannedFault> {
  const kinds: Array<Pick<PlannedFault, 'kind' | 'params'>> = [
    { kind: 'error', params: throttled(service) },
    { kind: 'error', params: failed(service) },
    // The machine's own calls are made inside AWS.
    ...(service === 'lambda' ? [] : [{ kind: 'lost-answer' }]),
  ];
  return fc.record({ chosen: fc.constantFrom(...kinds), nth: nthOf(calls), times: fc.integer({ min: 1, max: MOST_TIMES }) })
    .map(({ chosen, nth, times }) => ({ during, service, operation, caller, ...chosen, nth, times }));
}

function pointFault({ during, service, operation, kinds, passed }: Omit<Point, 'during'> & { readonly during: Deed }): fc.Arbitrary<PlannedFault> {
  return fc.record({ chosen: fc.constantFrom(...kinds), nth: nthOf(passed), times: fc.integer({ min: 1, max: 3 }) })
    .map(({ chosen, nth, times }) => ({ during, service, operation, ...chosen, nth, times }));
}

/** Any of them, and half of the time one of the first: there most is decided. */
function nthOf(most: number): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: Math.min(most, 3) }));
}

function replacement(span: readonly Deed[]): fc.Arbitrary<PlannedReplacement> {
  return fc.record({
    during: fc.constantFrom(...DEEDS.filter((deed) => span.includes(deed))),
    afterSeconds: fc.integer({ min: 1, max: 3_000 }),
    hsm: fc.integer({ min: 0, max: 2 }),
    replaceSeconds: fc.constantFrom(60, 600, 1_500),
  });
}

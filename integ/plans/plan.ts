import type { FaultSpec } from 'cloudhsm-emulator';

/** What is done to the stack of a cluster, in the order of its life. */
export const DEEDS = ['deploy', 'grow', 'shrink', 'destroy'] as const;

export type Deed = typeof DEEDS[number];

/** A failure at a place: a call that somebody makes, or a point that a service passes, during one deed. */
export interface PlannedFault extends FaultSpec {
  readonly during: Deed;
}

/** The service replaces an HSM: so long after a deed began it fails. */
export interface PlannedReplacement {
  readonly during: Deed;
  readonly afterSeconds: number;
  /** Which one, of those that are ACTIVE then: they are counted round. */
  readonly hsm: number;
  readonly replaceSeconds: number;
}

/** What goes wrong in one life of a cluster. Plain JSON: written down, it plays again in the same way. */
export interface Plan {
  /** Draws the service's own times. */
  readonly seed: number;
  readonly faults: readonly PlannedFault[];
  readonly replacements: readonly PlannedReplacement[];
}

/** The deeds of a plan: from the first one in which something goes wrong to the last. What came before is the same in all lives. */
export function deedsOf({ faults, replacements }: Plan): Deed[] {
  const touched = [...faults, ...replacements].map(({ during }) => DEEDS.indexOf(during));
  return touched.length === 0 ? [] : DEEDS.slice(Math.min(...touched), Math.max(...touched) + 1);
}

/** @throws Error when a text is no plan */
export function planOf(text: string): Plan {
  const { seed, faults, replacements } = JSON.parse(text) as Partial<Plan>;
  if (typeof seed !== 'number' || !Array.isArray(faults) || !Array.isArray(replacements)) {
    throw new Error('a plan is { "seed": number, "faults": [ … ], "replacements": [ … ] }, as a run writes it when it fails');
  }
  const plan: Plan = { seed, faults, replacements };
  const stranger = [...plan.faults, ...plan.replacements].find(({ during }) => !DEEDS.includes(during));
  if (stranger) throw new Error(`during must be one of ${DEEDS.join(', ')}, got ${String(stranger.during)}`);
  return plan;
}

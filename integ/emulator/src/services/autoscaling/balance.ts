/** Where instances go and which ones leave. Pure, and the same every time. */

/** The place with the fewest instances; among equals the first as the group lists them. */
export function nextPlace(places: readonly string[], counts: ReadonlyMap<string, number>): string {
  return places.reduce((best, place) => ((counts.get(place) ?? 0) < (counts.get(best) ?? 0) ? place : best));
}

export interface Candidate {
  readonly instanceId: string;
  readonly zone: string;
  readonly launchedAt: number;
  /** Its template is not the group's present one. */
  readonly outdated: boolean;
}

/**
 * As the default termination policy has it: out of the zone with most instances, outdated ones first, then the oldest.
 */
export function victims(candidates: readonly Candidate[], count: number): string[] {
  const left = [...candidates];
  const chosen: string[] = [];
  while (chosen.length < count && left.length > 0) {
    const zone = fullestZone(left);
    const [victim] = left.filter((candidate) => candidate.zone === zone)
      .sort((a, b) => Number(b.outdated) - Number(a.outdated) || a.launchedAt - b.launchedAt);
    chosen.push(victim.instanceId);
    left.splice(left.indexOf(victim), 1);
  }
  return chosen;
}

function fullestZone(candidates: readonly Candidate[]): string {
  const counts = new Map<string, number>();
  for (const { zone } of candidates) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))[0][0];
}

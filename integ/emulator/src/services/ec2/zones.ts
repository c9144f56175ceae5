import { refuse } from './refusals';
import type { Context } from '../../wire/operation';

export interface Zone {
  readonly name: string;
  readonly id: string;
}

interface Region {
  /** What zone ids begin with: `use1`. */
  readonly code: string;
  /** The letters of its zones. */
  readonly zones: string;
  readonly optIn?: boolean;
}

export function regions(context: Context): Readonly<Record<string, Region>> {
  return context.row('ec2/regions');
}

/** The zones of the region; a region that the table does not know has three. */
export function zonesOf(context: Context, region: string = context.region): Zone[] {
  const { code, zones } = regions(context)[region] ?? { code: region.replace(/-/g, ''), zones: 'abc' };
  return [...zones].map((letter, at) => ({ name: `${region}${letter}`, id: `${code}-az${at + 1}` }));
}

export function zoneId(context: Context, name: string): string {
  return zonesOf(context).find((zone) => zone.name === name)?.id ?? '';
}

/** The zone that a subnet is asked to be in; the first one when nothing is said. */
export function chosenZone(context: Context, name: string | undefined, id: string | undefined): string {
  const zones = zonesOf(context);
  const names = zones.map((zone) => zone.name).join(', ');
  if (id !== undefined) {
    const zone = zones.find((candidate) => candidate.id === id);
    if (!zone) throw refuse(context, 'zone-id', id, zones.map((candidate) => candidate.id).join(', '));
    return zone.name;
  }
  if (name === undefined) return zones[0].name;
  if (!zones.some((zone) => zone.name === name)) throw refuse(context, 'zone', name, names);
  return name;
}

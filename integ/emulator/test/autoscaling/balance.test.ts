import * as fc from 'fast-check';
import { nextPlace, victims } from '../../src/services/autoscaling/balance';
import type { Candidate } from '../../src/services/autoscaling/balance';

const zones = ['a', 'b', 'c'];

test('however many instances are launched, zones never differ by more than one', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 30 }), (count) => {
    const counts = new Map<string, number>();
    for (let each = 0; each < count; each++) {
      const zone = nextPlace(zones, counts);
      counts.set(zone, (counts.get(zone) ?? 0) + 1);
    }
    const numbers = zones.map((zone) => counts.get(zone) ?? 0);
    expect(Math.max(...numbers) - Math.min(...numbers)).toBeLessThanOrEqual(1);
  }));
});

const candidates = fc.uniqueArray(fc.record({
  instanceId: fc.integer({ min: 0, max: 99 }).map((number) => `i-${number}`),
  zone: fc.constantFrom(...zones),
  launchedAt: fc.integer({ min: 0, max: 5 }),
  outdated: fc.boolean(),
}), { selector: ({ instanceId }) => instanceId });

test('each victim comes out of a zone that is as full as any, and no younger or more recent one is taken before it there', () => {
  fc.assert(fc.property(candidates, fc.integer({ min: 1, max: 5 }), (all: Candidate[], count) => {
    const left = [...all];
    for (const id of victims(all, count)) {
      const victim = left.find(({ instanceId }) => instanceId === id)!;
      const inZone = (zone: string): Candidate[] => left.filter((each) => each.zone === zone);
      expect(zones.every((zone) => inZone(zone).length <= inZone(victim.zone).length)).toBe(true);
      for (const other of inZone(victim.zone)) {
        expect(Number(victim.outdated)).toBeGreaterThanOrEqual(Number(other.outdated));
        if (other.outdated === victim.outdated) expect(victim.launchedAt).toBeLessThanOrEqual(other.launchedAt);
      }
      left.splice(left.indexOf(victim), 1);
    }
    expect(left).toHaveLength(Math.max(0, all.length - count));
  }));
});

import type { Json, Store, Table } from './store';

/**
 * A failure asked for by the user, addressed by place: the nth call of an operation, or the nth time that a
 * named point of a service is passed.
 */
export interface Fault {
  readonly id: string;
  readonly service: string;
  /** An operation (`CreateHsm`) or a named point of the service (`hsm-created`). */
  readonly operation: string;
  /** Fires from this match on; 1 is the first. */
  readonly nth: number;
  /** How many matches fire; 0 is all from then on. */
  readonly times: number;
  /** `error`, `lost-answer`, `never`, `lag`, … */
  readonly kind: string;
  /** Matches only when this text is part of the resource's name. */
  readonly resource?: string;
  readonly params: { readonly [name: string]: Json | undefined };
  readonly seen: number;
  readonly fired: number;
}

export type FaultSpec = Pick<Fault, 'service' | 'operation' | 'kind'> & Partial<Pick<Fault, 'nth' | 'times' | 'resource' | 'params'>>;

export class Faults {
  private readonly faults: Table<Fault>;

  public constructor(private readonly store: Store) {
    this.faults = store.table('kernel/faults');
  }

  public add(spec: FaultSpec): Fault {
    return this.store.transaction(() => {
      const id = `fault-${this.faults.values().length + 1}`;
      return this.faults.put(id, { nth: 1, times: 1, params: {}, ...spec, id, seen: 0, fired: 0 });
    });
  }

  public clear(): void {
    this.store.transaction(() => this.faults.values().forEach((fault) => this.faults.delete(fault.id)));
  }

  public all(): Fault[] {
    return this.faults.values();
  }

  /** Counts this passage and returns the fault that fires here, if one does. */
  public pass(service: string, operation: string, resource: string = ''): Fault | undefined {
    const matching = this.faults.values().filter((fault) =>
      fault.service === service && fault.operation === operation && resource.includes(fault.resource ?? ''));
    if (matching.length === 0) return undefined;
    return this.store.transaction(() => {
      let firing: Fault | undefined;
      for (const fault of matching) {
        const seen = fault.seen + 1;
        const fires = !firing && seen >= fault.nth && (fault.times === 0 || fault.fired < fault.times);
        const counted = this.faults.put(fault.id, { ...fault, seen, fired: fault.fired + (fires ? 1 : 0) });
        if (fires) firing = counted;
      }
      return firing;
    });
  }
}

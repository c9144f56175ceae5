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
  /** Matches only when this text is part of the ARN of whoever calls; a point that a service passes has no caller. */
  readonly caller?: string;
  readonly params: { readonly [name: string]: Json | undefined };
  readonly seen: number;
  readonly fired: number;
}

export type FaultSpec = Pick<Fault, 'service' | 'operation' | 'kind'> & Partial<Pick<Fault, 'nth' | 'times' | 'resource' | 'caller' | 'params'>>;

/**
 * The faults that were asked for, and how often each place was passed.
 *
 * Counting is no part of the transaction in which a place is passed: an operation that then throws takes back its writes, but it was
 * passed all the same.
 */
export class Faults {
  private readonly stored: Table<Fault>;
  private readonly faults: Map<string, Fault>;

  public constructor(private readonly store: Store) {
    this.stored = store.table('kernel/faults');
    this.faults = new Map(this.stored.entries());
  }

  public add(spec: FaultSpec): Fault {
    const id = `fault-${this.faults.size + 1}`;
    const fault: Fault = { nth: 1, times: 1, params: {}, ...spec, id, seen: 0, fired: 0 };
    this.faults.set(id, fault);
    this.store.transaction(() => this.stored.put(id, fault));
    return fault;
  }

  public clear(): void {
    this.faults.clear();
    this.store.transaction(() => this.stored.values().forEach(({ id }) => this.stored.delete(id)));
  }

  public all(): Fault[] {
    return [...this.faults.values()];
  }

  /** Counts this passage and returns the fault that fires here, if one does. */
  public pass(service: string, operation: string, resource: string = '', caller: string = ''): Fault | undefined {
    let firing: Fault | undefined;
    for (const fault of this.faults.values()) {
      if (fault.service !== service || fault.operation !== operation) continue;
      if (!resource.includes(fault.resource ?? '') || !caller.includes(fault.caller ?? '')) continue;
      const seen = fault.seen + 1;
      const fires = !firing && seen >= fault.nth && (fault.times === 0 || fault.fired < fault.times);
      const counted = { ...fault, seen, fired: fault.fired + (fires ? 1 : 0) };
      this.faults.set(fault.id, counted);
      if (fires) firing = counted;
    }
    return firing;
  }

  /** Writes the counts down; between transactions. */
  public save(): void {
    for (const fault of this.faults.values()) {
      if (this.stored.get(fault.id)?.seen !== fault.seen) this.store.transaction(() => this.stored.put(fault.id, fault));
    }
  }
}

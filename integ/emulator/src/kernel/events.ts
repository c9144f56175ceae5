import type { Json, Store, Table } from './store';

/**
 * Something that will happen at a point of emulated time: a stored record, never a closure, so that a journal
 * cut anywhere can go on.
 */
export interface StoredEvent {
  readonly id: string;
  readonly due: number;
  /** Order among what is due at the same time. Shared with activities. */
  readonly seq: number;
  /** Name under which its handler is registered, for instance `cloudhsm.hsm-created`. */
  readonly kind: string;
  readonly args: { readonly [name: string]: Json | undefined };
  /**
   * Foreground events (false) are obligations: the end of a state that a service calls in progress, a step or timeout of
   * an operation. Time moves for them. Daemon events (true: daily backups, windows, schedules) only happen on the way.
   */
  readonly daemon: boolean;
}

export interface EventSpec {
  readonly kind: string;
  readonly args: { readonly [name: string]: Json | undefined };
  readonly daemon?: boolean;
  /** Cancels by this name; at most one event of a name exists, a later one takes its place. */
  readonly id?: string;
}

/** The queue of stored events, in the order (due, seq). */
export class EventQueue {
  private readonly events: Table<StoredEvent>;
  private readonly counters: Table<number>;

  public constructor(store: Store) {
    this.events = store.table('kernel/events');
    this.counters = store.table('kernel/counters');
  }

  public nextSeq(): number {
    const seq = (this.counters.get('seq') ?? 0) + 1;
    this.counters.put('seq', seq);
    return seq;
  }

  public add(due: number, spec: EventSpec): StoredEvent {
    const seq = this.nextSeq();
    const id = spec.id ?? `event-${seq}`;
    this.events.delete(id);
    return this.events.put(id, { id, due, seq, kind: spec.kind, args: spec.args, daemon: spec.daemon ?? false });
  }

  public remove(id: string): void {
    this.events.delete(id);
  }

  public get(id: string): StoredEvent | undefined {
    return this.events.get(id);
  }

  public all(): StoredEvent[] {
    return this.events.values();
  }
}

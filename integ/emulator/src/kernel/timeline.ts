import type { Store, Table } from './store';

/** One line of what happened, in emulated time only: no host time and no request ids, so that runs can be compared. */
export interface TimelineEntry {
  /** Emulated milliseconds. */
  readonly at: number;
  readonly service: string;
  readonly event: string;
  readonly resource: string;
}

/**
 * A stretch of time that the service needs by itself, for the critical path: a state in progress, a lag, a charged command.
 */
export interface ServiceTime {
  readonly from: number;
  readonly to: number;
  readonly what: string;
  readonly resource: string;
}

export class Timeline {
  private readonly rows: Table<TimelineEntry>;
  private readonly spans: Table<ServiceTime>;

  public constructor(store: Store, private readonly now: () => number) {
    this.rows = store.table('kernel/timeline');
    this.spans = store.table('kernel/service-times');
  }

  public add(service: string, event: string, resource: string): void {
    this.rows.put(`t${this.rows.size() + 1}`, { at: this.now(), service, event, resource });
  }

  /** Records that from now until `to` the service itself is at work on `resource`. */
  public addServiceTime(what: string, resource: string, to: number, from: number = this.now()): void {
    this.spans.put(`s${this.spans.size() + 1}`, { from, to, what, resource });
  }

  public entries(): TimelineEntry[] {
    return this.rows.values();
  }

  public serviceTimes(): ServiceTime[] {
    return this.spans.values();
  }
}

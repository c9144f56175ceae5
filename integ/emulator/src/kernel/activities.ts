import type { EventQueue } from './events';
import type { Json, Store, Table } from './store';

/**
 * A piece of foreign code that runs on the host: a function invocation or an instance's script.
 *
 * At most one is RUNNING. PARKED: only its timers are left, it goes on at `at`. HELD: it awaits a call that is
 * answered later and has given up its turn.
 */
export interface Activity {
  readonly id: string;
  readonly kind: string;
  readonly state: 'RUNNABLE' | 'RUNNING' | 'PARKED' | 'HELD';
  /** From when it may run, in emulated milliseconds. */
  readonly at: number;
  readonly seq: number;
  readonly started: boolean;
  readonly args: { readonly [name: string]: Json | undefined };
}

/** What carries out activities of one kind. Called between transactions; reports back through the kernel. */
export interface ActivityDriver {
  /** It is this activity's turn: begin (`started` false) or go on after a park or a hold. */
  run(activity: Activity): void;
  /** It held its turn too long, or is no longer wanted: stop it on the host. The record is gone already when wanted is false. */
  kill(activity: Activity, reason: 'turn' | 'cancelled'): void;
  /** In a transaction, when a state folder is opened: what was in flight failed as on a lost host. */
  lost(activity: Activity): void;
}

/** The records of activities; who runs next is the kernel's decision. */
export class Activities {
  private readonly records: Table<Activity>;

  public constructor(store: Store, private readonly queue: EventQueue) {
    this.records = store.table('kernel/activities');
  }

  public get(id: string): Activity | undefined {
    return this.records.get(id);
  }

  public all(): Activity[] {
    return this.records.values();
  }

  public add(id: string, kind: string, at: number, args: Activity['args']): Activity {
    return this.records.put(id, { id, kind, state: 'RUNNABLE', at, seq: this.queue.nextSeq(), started: false, args });
  }

  public set(id: string, state: Activity['state'], at: number): Activity {
    const activity = this.records.get(id);
    if (!activity) throw new Error(`no activity ${id}`);
    const seq = state === 'RUNNING' || state === 'HELD' ? activity.seq : this.queue.nextSeq();
    return this.records.put(id, { ...activity, state, at, seq, started: activity.started || state === 'RUNNING' });
  }

  public remove(id: string): void {
    this.records.delete(id);
  }
}

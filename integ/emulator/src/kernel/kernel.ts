import { join } from 'node:path';
import { Activities } from './activities';
import type { Activity, ActivityDriver } from './activities';
import { Blobs } from './blobs';
import { EventQueue } from './events';
import type { EventSpec, StoredEvent } from './events';
import { Faults } from './faults';
import { Ids } from './ids';
import { Journal, writeState } from './journal';
import { KeyPairs } from './key-pairs';
import { Tables } from './rows';
import { Store } from './store';
import type { Table } from './store';
import { Timeline } from './timeline';

/** How emulated time moves: as fast as events allow, only by command, or at a multiple of the host's time. */
export type ClockMode = { readonly kind: 'warp' } | { readonly kind: 'manual' } | { readonly kind: 'real'; readonly factor: number };

export interface KernelOptions {
  /** Where journal and blobs live. */
  readonly folder: string;
  readonly seed: number;
  readonly clock: ClockMode;
  readonly tables: Tables;
  /** Folder in which RSA keys are kept for other runs, and taken from. */
  readonly keyReserve?: string;
  /** Host milliseconds for which an activity may hold its turn. */
  readonly turnLimitMs?: number;
}

export type EventHandler = (args: StoredEvent['args'], event: StoredEvent) => void;

/** Host milliseconds after which an activity that neither ends nor parks is killed. */
const TURN_LIMIT_MS = 60_000;

/** How far one command moves time at most: ten years, longer than anything that is emulated lasts. */
export const LONGEST_ADVANCE_MS = 3_660 * 86_400_000;

interface Meta {
  readonly seed: number;
  readonly createdAt: number;
}

/**
 * Time, state and turn-taking. Knows no service.
 *
 * Only `pump` moves time. It dispatches what is due, lowest (time, seq) first; when nothing is due and an obligation
 * is open, time goes to the next event. While an activity runs on the host, nothing else is dispatched and time stands.
 */
export class Kernel {
  public readonly store: Store;
  public readonly blobs: Blobs;
  public readonly tables: Tables;
  public readonly ids: Ids;
  public readonly queue: EventQueue;
  public readonly activities: Activities;
  public readonly faults: Faults;
  public readonly timeline: Timeline;
  public readonly keyPairs: KeyPairs;
  /** Outside writes that fell into a time when obligations were open; they make a run hard to repeat. */
  public readonly overlapping: string[] = [];
  /** Called with the error of an event handler: a defect of the emulator. */
  public onInternalError: (error: Error) => void;

  private readonly journal: Journal;
  private readonly handlers = new Map<string, EventHandler>();
  private readonly drivers = new Map<string, ActivityDriver>();
  private readonly listeners = new Map<string, Set<(value: unknown) => void>>();
  private readonly meta: Table<Meta>;
  private clock: ClockMode;
  private e = 0;
  private seenMs = 0;
  private seen: { readonly transaction: number; readonly hostNow: number } | undefined;
  private running: { id: string; guard: NodeJS.Timeout } | undefined;
  private advancing: { target: number; resolve: () => void } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private pumping = false;
  private scheduled = false;
  private stopped = false;

  public constructor(private readonly options: KernelOptions) {
    this.onInternalError = (error) => {
      throw error;
    };
    const { journal, lines } = Journal.open(options.folder);
    this.journal = journal;
    this.store = new Store((changes) => this.journal.append({ at: this.e, changes }));
    this.blobs = new Blobs(join(options.folder, 'blobs'));
    this.tables = options.tables;
    this.clock = options.clock;
    for (const line of lines) {
      if ('table' in line) this.store.load(line.table, line.rows, line.read);
      else this.store.replay(line.changes);
      this.e = line.at;
    }
    this.journal.compact(lines.length, this.e, () => this.store.contents());
    this.meta = this.store.table('kernel/meta');
    if (!this.meta.has('meta')) {
      this.store.transaction(() => this.meta.put('meta', { seed: options.seed, createdAt: Date.now() }));
    }
    this.ids = new Ids(this.meta.get('meta')!.seed, this.store.table('kernel/ordinals'));
    this.queue = new EventQueue(this.store);
    this.activities = new Activities(this.store, this.queue);
    this.faults = new Faults(this.store);
    this.timeline = new Timeline(this.store, () => this.e);
    this.keyPairs = new KeyPairs(this.store, options.keyReserve);
  }

  /** Emulated milliseconds since the state folder was made. */
  public get now(): number {
    return this.e;
  }

  public get seed(): number {
    return this.meta.get('meta')!.seed;
  }

  /**
   * How much time, in milliseconds, callers from outside have seen pass since this process began: what they have moved themselves, and what their own
   * clocks went by. Hours that are passed over while they wait for something are not among it: no client can know of them, and renew what runs out.
   */
  public get witnessed(): number {
    return this.seenMs;
  }

  /** Host time, in milliseconds, at which an instant of emulated time appears to an outside caller. */
  public hostTime(e: number = this.e): number {
    return this.hostNow() + e - this.e;
  }

  /** The host's now, the same for the whole of a transaction: what one request says and reads of time must agree. */
  private hostNow(): number {
    const transaction = this.store.current;
    if (transaction === undefined) return Date.now();
    if (this.seen?.transaction !== transaction) this.seen = { transaction, hostNow: Date.now() };
    return this.seen.hostNow;
  }

  public on(kind: string, handler: EventHandler): void {
    if (this.handlers.has(kind)) throw new Error(`two handlers for ${kind}`);
    this.handlers.set(kind, handler);
  }

  public drive(kind: string, driver: ActivityDriver): void {
    this.drivers.set(kind, driver);
  }

  /** Whether anything here carries out activities of this kind. */
  public drives(kind: string): boolean {
    return this.drivers.has(kind);
  }

  /** After all handlers are there: what was in flight when the state was cut off has failed; then time may move. */
  public start(): void {
    this.store.transaction(() => {
      for (const activity of this.activities.all()) {
        if (!activity.started) continue;
        this.activities.remove(activity.id);
        this.drivers.get(activity.kind)?.lost(activity);
      }
    });
    this.wake();
  }

  /** Writes the present state into another folder, without the history of how it came about. */
  public saveTo(folder: string): void {
    writeState(folder, this.e, this.store.contents());
  }

  public stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    if (this.running) clearTimeout(this.running.guard);
    this.faults.save();
    this.journal.close();
  }

  /** A unit of work: all of it or nothing. Afterwards what became due is dispatched. */
  public transaction<T>(work: () => T): T {
    const result = this.store.transaction(work);
    this.wake();
    return result;
  }

  public after(milliseconds: number, spec: EventSpec): StoredEvent {
    return this.queue.add(this.e + Math.max(0, Math.round(milliseconds)), spec);
  }

  public cancel(eventId: string): void {
    this.queue.remove(eventId);
  }

  /** True while something is owed: a state in progress, a step of an operation, an activity. */
  public get busy(): boolean {
    return this.activities.all().length > 0 || this.queue.all().some((event) => !event.daemon);
  }

  // --- signals: how the host side learns that something happened; never part of the state

  public once(name: string, listener: (value: unknown) => void): () => void {
    const set = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, set.add(listener));
    return () => set.delete(listener);
  }

  /** Tells listeners after the present transaction. */
  public signal(name: string, value?: unknown): void {
    setImmediate(() => {
      const set = this.listeners.get(name);
      this.listeners.delete(name);
      set?.forEach((listener) => listener(value));
    });
  }

  // --- activities

  /** Queues foreign code; its driver's `run` is called when it is its turn. In a transaction. */
  public begin(id: string, kind: string, args: Activity['args'], delayMs: number = 0): void {
    this.activities.add(id, kind, this.e + delayMs, args);
  }

  public isRunning(id: string): boolean {
    return this.running?.id === id;
  }

  /** Only timers are left: it goes on at `until`. */
  public park(id: string, until: number): void {
    this.leaveTurn(id, () => this.activities.set(id, 'PARKED', Math.max(this.e, Math.ceil(until))));
  }

  /** It awaits a call that is answered later. In a transaction or outside one. */
  public hold(id: string): void {
    this.leaveTurn(id, () => this.activities.set(id, 'HELD', this.e));
  }

  /** What it was waiting for has come: it queues for its turn again. */
  public release(id: string): void {
    const state = this.activities.get(id)?.state;
    if (state !== 'HELD' && state !== 'PARKED') return;
    this.transaction(() => this.activities.set(id, 'RUNNABLE', this.e));
  }

  /** Lets it go on, and resolves when it has its turn or is no more: only then may it hear what it was waiting for. */
  public async turn(id: string): Promise<void> {
    if (!this.activities.get(id) || this.isRunning(id)) return;
    this.release(id);
    await new Promise<unknown>((resolve) => this.once(`turn:${id}`, resolve));
  }

  /** It is over; `work` records what came of it, in the same transaction. */
  public finish(id: string, work: () => void): void {
    if (!this.activities.get(id)) return;
    this.leaveTurn(id, () => {
      this.activities.remove(id);
      work();
    });
    this.signal(`turn:${id}`);
  }

  /** It is not wanted any more. In a transaction. */
  public abandon(id: string): void {
    const activity = this.activities.get(id);
    if (!activity) return;
    this.activities.remove(id);
    if (this.running?.id === id) this.endTurn();
    this.signal(`turn:${id}`);
    const driver = this.drivers.get(activity.kind);
    setImmediate(() => driver?.kill(activity, 'cancelled'));
  }

  // --- time by command

  /** Moves time by `milliseconds`, firing what is due on the way, and resolves when that is done. */
  public async advance(milliseconds: number): Promise<void> {
    if (!Number.isInteger(milliseconds) || milliseconds < 0 || milliseconds > LONGEST_ADVANCE_MS) {
      throw new Error(`[emulator] time is moved by a whole number of milliseconds from 0 to ${LONGEST_ADVANCE_MS}, got ${milliseconds}`);
    }
    if (this.advancing) throw new Error('[emulator] the clock is being advanced already');
    await new Promise<void>((resolve) => {
      this.advancing = { target: this.e + milliseconds, resolve };
      this.wake();
    });
  }

  /** Moves time event by event until `reached`, at most `limitMs`; false when it was not reached. */
  public async advanceUntil(reached: () => boolean, limitMs: number): Promise<boolean> {
    const end = this.e + limitMs;
    while (!reached()) {
      const next = this.nextInstant();
      if (next === undefined || next > end) return false;
      await this.advance(Math.max(0, next - this.e));
    }
    return true;
  }

  // --- the loop

  /** Dispatches soon: never inside a caller's stack, so that answers are written first. */
  private wake(): void {
    if (this.scheduled || this.stopped) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.pump();
    });
  }

  private pump(): void {
    if (this.pumping || this.stopped) return;
    this.pumping = true;
    try {
      // A few at a time: the host must get round to answering callers.
      for (let count = 0; count < 16; count++) {
        if (this.running || !this.step()) return;
      }
      this.wake();
    } finally {
      this.pumping = false;
    }
  }

  /** One dispatch or one move of time; false when there is nothing to do. */
  private step(): boolean {
    const next = this.earliest();
    if (next && timeOf(next) <= this.e) {
      this.dispatch(next);
      return true;
    }
    if (this.advancing) {
      const { target, resolve } = this.advancing;
      if (!next || timeOf(next) > target) {
        this.seenMs += Math.max(0, target - this.e);
        this.e = Math.max(this.e, target);
        this.advancing = undefined;
        resolve();
        return true;
      }
      this.seenMs += timeOf(next) - this.e;
      this.e = timeOf(next);
      return true;
    }
    if (!next || !this.busy || this.clock.kind === 'manual') return false;
    if (this.clock.kind === 'real') {
      this.waitForHost((timeOf(next) - this.e) / this.clock.factor, timeOf(next));
      return false;
    }
    this.e = timeOf(next);
    return true;
  }

  private waitForHost(milliseconds: number, until: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (until > this.e && (this.nextInstant() ?? until) >= until) {
        this.seenMs += milliseconds;
        this.e = until;
      }
      this.pump();
    }, milliseconds);
  }

  private dispatch(item: StoredEvent | Activity): void {
    if (isActivity(item)) this.takeTurn(item);
    else this.fire(item);
  }

  private fire(event: StoredEvent): void {
    const handler = this.handlers.get(event.kind);
    try {
      this.store.transaction(() => {
        this.queue.remove(event.id);
        if (!handler) throw new Error(`nobody handles ${event.kind}`);
        handler(event.args, event);
      });
    } catch (error) {
      this.store.transaction(() => this.queue.remove(event.id));
      this.onInternalError(new Error(`[emulator] internal error in event ${event.kind} ${JSON.stringify(event.args)}`, { cause: error }));
    }
  }

  private takeTurn(activity: Activity): void {
    const driver = this.drivers.get(activity.kind);
    if (!driver) throw new Error(`nobody drives activities of kind ${activity.kind}`);
    const guard = setTimeout(() => driver.kill(activity, 'turn'), this.options.turnLimitMs ?? TURN_LIMIT_MS);
    this.running = { id: activity.id, guard };
    this.store.transaction(() => this.activities.set(activity.id, 'RUNNING', this.e));
    driver.run(activity);
    this.signal(`turn:${activity.id}`);
  }

  private leaveTurn(id: string, work: () => void): void {
    this.store.transaction(work);
    if (this.running?.id === id) this.endTurn();
    this.wake();
  }

  private endTurn(): void {
    clearTimeout(this.running?.guard);
    this.running = undefined;
    this.wake();
  }

  private nextInstant(): number | undefined {
    const next = this.earliest();
    return next && timeOf(next);
  }

  private earliest(): StoredEvent | Activity | undefined {
    const waiting = this.activities.all().filter(({ state }) => state === 'RUNNABLE' || state === 'PARKED');
    let first: StoredEvent | Activity | undefined;
    for (const item of [...this.queue.all(), ...waiting]) {
      if (!first || timeOf(item) < timeOf(first) || (timeOf(item) === timeOf(first) && item.seq < first.seq)) first = item;
    }
    return first;
  }
}

function isActivity(item: StoredEvent | Activity): item is Activity {
  return 'state' in item;
}

function timeOf(item: StoredEvent | Activity): number {
  return isActivity(item) ? item.at : item.due;
}

import { frozenCopy, frozenInPlace } from './frozen-copy';

/**
 * Tables of frozen records, with transactions that nest.
 *
 * A transaction either happens as a whole or not at all: every write keeps what it replaced, and a throw
 * puts it back. The outermost commit hands the changes, in order, to the journal.
 */

/** What may be stored: plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** One write, as the journal keeps it; `null` stands for a deletion. */
export interface Change {
  readonly table: string;
  readonly key: string;
  readonly value: Json | null;
}

/** A table with all its rows, in their order. */
export interface StoredTable {
  readonly table: string;
  readonly entries: ReadonlyArray<readonly [key: string, value: Json]>;
}

interface Row {
  readonly order: number;
  readonly value: unknown;
}

interface Written {
  readonly table: string;
  readonly key: string;
  readonly before: Row | undefined;
  readonly after: Row | undefined;
}

/** A named table: records by key, listed in the order in which they were first put. */
export interface Table<T> {
  get(key: string): T | undefined;
  has(key: string): boolean;
  /** Stores a frozen copy and returns it. */
  put(key: string, value: T): T;
  delete(key: string): void;
  size(): number;
  /** Another number after every write: what was worked out from the records holds as long as it is the same. */
  version(): number;
  entries(): Array<[string, T]>;
  values(): T[];
}

class Rows {
  public version = 0;

  private read = new Map<string, Row>();
  private sorted = true;

  /** @param unread what it begins with, read when it is looked at for the first time */
  public constructor(private unread?: () => Map<string, Row>) {}

  public get(key: string): Row | undefined {
    return this.rows.get(key);
  }

  /** Puts a row back where it was: the map may then be out of order until the next listing. */
  public set(key: string, row: Row | undefined, restored: boolean): void {
    this.version += 1;
    if (row === undefined) {
      this.rows.delete(key);
      return;
    }
    if (restored && !this.rows.has(key)) this.sorted = false;
    this.rows.set(key, row);
  }

  public size(): number {
    return this.rows.size;
  }

  public entries(): Array<[string, Row]> {
    if (!this.sorted) {
      this.read = new Map([...this.read].sort((a, b) => a[1].order - b[1].order));
      this.sorted = true;
    }
    return [...this.rows];
  }

  private get rows(): Map<string, Row> {
    if (this.unread) {
      this.read = this.unread();
      this.unread = undefined;
    }
    return this.read;
  }
}

export class Store {
  private readonly tables = new Map<string, Rows>();
  private readonly written: Written[] = [];
  private depth = 0;
  private order = 0;
  private begun = 0;

  public constructor(private readonly onCommit: (changes: Change[]) => void = () => undefined) {}

  public table<T>(name: string): Table<T> {
    const rows = this.rows(name);
    return {
      get: (key) => rows.get(key)?.value as T | undefined,
      has: (key) => rows.get(key) !== undefined,
      put: (key, value) => {
        const frozen = frozenCopy(value);
        this.write(name, rows, key, frozen);
        return frozen;
      },
      delete: (key) => this.write(name, rows, key, undefined),
      size: () => rows.size(),
      version: () => rows.version,
      entries: () => rows.entries().map(([key, row]) => [key, row.value as T]),
      values: () => rows.entries().map(([, row]) => row.value as T),
    };
  }

  /** The number of the transaction that is under way; undefined between transactions. */
  public get current(): number | undefined {
    return this.depth > 0 ? this.begun : undefined;
  }

  /** Runs `work`; when it throws, everything it wrote is as before. Nested calls are savepoints. */
  public transaction<T>(work: () => T): T {
    const start = this.written.length;
    if (this.depth === 0) this.begun += 1;
    this.depth += 1;
    let result: T;
    try {
      result = work();
    } catch (error) {
      while (this.written.length > start) this.undo(this.written.pop()!);
      throw error;
    } finally {
      this.depth -= 1;
    }
    if (this.depth === 0) {
      const changes = coalesce(this.written);
      this.written.length = 0;
      if (changes.length > 0) this.onCommit(changes);
    }
    return result;
  }

  /** Applies changes read from a journal; they are not written again. */
  public replay(changes: readonly Change[]): void {
    for (const change of changes) {
      const rows = this.rows(change.table);
      const before = rows.get(change.key);
      const after = change.value === null ? undefined : { order: before?.order ?? ++this.order, value: frozenInPlace(change.value) };
      rows.set(change.key, after, false);
    }
  }

  /** Takes over a table of a state that was written anew, without reading it. */
  public load(table: string, count: number, read: () => Array<[string, Json]>): void {
    const first = this.order + 1;
    this.order += count;
    this.tables.set(table, new Rows(() => new Map(read().map(([key, value], at) => [key, { order: first + at, value: frozenInPlace(value) }]))));
  }

  /** The whole state, as `load` takes it. */
  public contents(): StoredTable[] {
    return [...this.tables].map(([table, rows]) => ({ table, entries: rows.entries().map(([key, { value }]) => [key, value as Json] as const) }));
  }

  /** Names of all tables that were ever used. */
  public names(): string[] {
    return [...this.tables.keys()];
  }

  /** The whole state as changes that would rebuild it. */
  public dump(): Change[] {
    return [...this.tables].flatMap(([table, rows]) => rows.entries().map(([key, row]) => ({ table, key, value: row.value as Json })));
  }

  private rows(name: string): Rows {
    let rows = this.tables.get(name);
    if (!rows) {
      rows = new Rows();
      this.tables.set(name, rows);
    }
    return rows;
  }

  private write(table: string, rows: Rows, key: string, value: unknown): void {
    if (this.depth === 0) throw new Error(`write to ${table} outside a transaction`);
    const before = rows.get(key);
    if (value === undefined && before === undefined) return;
    const after = value === undefined ? undefined : { order: before?.order ?? ++this.order, value };
    this.written.push({ table, key, before, after });
    rows.set(key, after, false);
  }

  private undo(written: Written): void {
    this.rows(written.table).set(written.key, written.before, true);
  }
}

/** Keeps the last of several puts to one key; a deletion in between stays, because it changes the order. */
function coalesce(written: readonly Written[]): Change[] {
  const changes: Change[] = [];
  const lastPut = new Map<string, number>();
  for (const { table, key, after } of written) {
    const name = `${table}\0${key}`;
    const value = after === undefined ? null : after.value as Json;
    const at = lastPut.get(name);
    if (value !== null && at !== undefined) {
      changes[at] = { table, key, value };
      continue;
    }
    changes.push({ table, key, value });
    if (value === null) lastPut.delete(name);
    else lastPut.set(name, changes.length - 1);
  }
  return changes;
}

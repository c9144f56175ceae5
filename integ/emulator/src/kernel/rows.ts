import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How well a row of a table is known. */
export type Basis = 'model' | 'documented' | 'measured' | 'inferred' | 'unverified';

/** A row of `tables/<name>.json`: one delay, limit, text or rule of a service, with its source. */
export interface Row {
  readonly id: string;
  readonly value: unknown;
  readonly basis: Basis;
  readonly source: string;
  readonly note?: string;
  /** Other values that would fit what is known, by name. Every unverified row has at least `other`. */
  readonly variants?: { readonly [name: string]: unknown };
}

/** A delay in seconds, drawn between the two ends. */
export type Range = readonly [number, number];

/**
 * The tables written by hand, with the variants that this run chose.
 *
 * Reading a row that is not documented, or in another value than its own, puts it on the list of what the run leaned on.
 */
export class Tables {
  private readonly files = new Map<string, Map<string, Row>>();
  private readonly leaned = new Map<string, { row: Row; variant: string }>();

  /**
   * @param variants `default`, `other`, or pairs such as `cloudhsm/mode-required=strict`; later ones win
   * @param overrides values set by hand, for instance quotas
   */
  public constructor(
    private readonly folder: string,
    private readonly variants: readonly string[] = ['default'],
    private readonly overrides: ReadonlyMap<string, unknown> = new Map(),
  ) {
    for (const name of overrides.keys()) this.known(name, (row) => row.startsWith('quota-'));
    for (const variant of variants) this.refuseUnknownVariant(variant);
  }

  /** The value of a row, for instance `cloudhsm/delays` `create-hsm`. */
  public value<T>(table: string, id: string): T {
    const row = this.rows(table).get(id);
    if (!row) throw new Error(`[emulator] table ${table} has no row ${id}`);
    const name = `${table}/${id}`;
    if (this.overrides.has(name)) return this.overrides.get(name) as T;
    const variant = this.variantOf(name, row);
    if (row.basis === 'inferred' || row.basis === 'unverified' || variant !== 'default') this.leaned.set(name, { row, variant });
    return (variant === 'default' ? row.value : row.variants![variant]) as T;
  }

  public names(): string[] {
    return readdirSync(this.folder).filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
  }

  public has(table: string, id: string): boolean {
    return this.rows(table).has(id);
  }

  public all(table: string): Row[] {
    return [...this.rows(table).values()];
  }

  /** What was read and is not documented, or not as documented, with the variant in force. */
  public assumptions(): Array<{ row: string; basis: Basis; variant: string; source: string }> {
    return [...this.leaned]
      .map(([row, { row: { basis, source }, variant }]) => ({ row, basis, variant, source }))
      .sort((a, b) => a.row.localeCompare(b.row));
  }

  /** A choice that means nothing would go unnoticed, and the run would prove something else than was meant. */
  private refuseUnknownVariant(variant: string): void {
    if (['default', 'other'].includes(variant)) return;
    const [target, value] = variant.split('=');
    if (value === undefined) throw new Error(`[emulator] variant ${variant} is not known; use default, other, or <table>/<row>=<variant>`);
    const { variants = {} } = this.known(target, (_id, { variants: some }) => some !== undefined);
    const names = ['default', ...Object.keys(variants)];
    if (!names.includes(value)) throw new Error(`[emulator] row ${target} has no variant ${value}; it has ${names.join(', ')}`);
  }

  /** The row of that name; an error lists those that could have been meant. */
  private known(name: string, alike: (id: string, row: Row) => boolean): Row {
    const [table, id] = name.split('/');
    const tables = readdirSync(this.folder).filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
    const found = tables.includes(table) ? this.rows(table).get(id) : undefined;
    if (found) return found;
    const others = tables.flatMap((other) => this.all(other).filter((row) => alike(row.id, row)).map((row) => `${other}/${row.id}`));
    throw new Error(`[emulator] there is no row ${name} to choose or override; there are ${others.join(', ')}`);
  }

  private variantOf(name: string, row: Row): string {
    let chosen = 'default';
    for (const variant of this.variants) {
      const [target, value] = variant.includes('=') ? variant.split('=') : [name, variant];
      if (target === name && (value === 'default' || row.variants?.[value] !== undefined)) chosen = value;
    }
    return chosen;
  }

  private rows(table: string): Map<string, Row> {
    let rows = this.files.get(table);
    if (!rows) {
      const content = JSON.parse(readFileSync(join(this.folder, `${table}.json`), 'utf8')) as { rows: Row[] };
      rows = new Map(content.rows.map((row) => [row.id, row]));
      this.files.set(table, rows);
    }
    return rows;
  }
}

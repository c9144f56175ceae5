import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { Kernel, Tables } from '../../src/kernel';
import type { Json } from '../../src/kernel';
import { wholeLines } from '../../src/kernel/journal';

/** What a process that was cut off leaves: a journal that ends anywhere. */
let home: string;
let folders = 0;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'cut-off-'));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

function open(journal?: Buffer): { kernel: Kernel; file: string } {
  const folder = mkdtempSync(join(home, `state-${folders++}-`));
  const file = join(folder, 'journal');
  if (journal) writeFileSync(file, journal);
  return { kernel: new Kernel({ folder, seed: 1, clock: { kind: 'manual' }, tables: new Tables(folder) }), file };
}

/** Everything that a kernel knows: emulated time, and the rows of each table in their order. */
function knownTo(kernel: Kernel): object {
  const rows: Record<string, Array<[string, Json]>> = {};
  for (const { table, key, value } of kernel.store.dump()) (rows[table] ??= []).push([key, value]);
  return { now: kernel.now, rows };
}

const NAMES = fc.constantFrom('one', 'two', 'drei ü');

const transactions = fc.array(fc.record({
  /** Emulated milliseconds before it. */
  later: fc.nat(5_000),
  writes: fc.array(fc.record({
    table: NAMES, key: NAMES, value: fc.oneof(fc.constant(undefined), fc.string({ unit: 'binary' }), fc.dictionary(NAMES, fc.jsonValue({ maxDepth: 2 }))),
  }), { minLength: 1, maxLength: 5 }),
}), { minLength: 1, maxLength: 6 });

interface Boundary {
  readonly bytes: number;
  readonly known: object;
}

/** The journal of a kernel at work, and what it knew whenever a record ended. */
async function journalOf(work: ReadonlyArray<{ later: number; writes: ReadonlyArray<{ table: string; key: string; value?: unknown }> }>) {
  const { kernel, file } = open();
  const boundaries: Boundary[] = [{ bytes: statSync(file).size, known: knownTo(kernel) }];
  for (const { later, writes } of work) {
    await kernel.advance(later);
    kernel.transaction(() => writes.forEach(({ table, key, value }) => {
      if (value === undefined) kernel.store.table<Json>(table).delete(key);
      else kernel.store.table<Json>(table).put(key, value as Json);
    }));
    const bytes = statSync(file).size;
    if (bytes > boundaries[boundaries.length - 1].bytes) boundaries.push({ bytes, known: knownTo(kernel) });
  }
  kernel.stop();
  return { journal: readFileSync(file), boundaries };
}

test('cut at the end of any record, a journal opens with everything that was known then', async () => {
  await fc.assert(fc.asyncProperty(transactions, async (work) => {
    const { journal, boundaries } = await journalOf(work);

    for (const { bytes, known } of boundaries) {
      const { kernel } = open(journal.subarray(0, bytes));
      const again = knownTo(kernel);
      kernel.stop();

      expect(again).toEqual(known);
    }
  }), { numRuns: 10 });
});

test('written anew, a state opens with everything that was known, and goes on in the same order', async () => {
  await fc.assert(fc.asyncProperty(transactions, transactions, async (work, more) => {
    const { journal } = await journalOf(work);
    const { kernel } = open(journal);
    const folder = mkdtempSync(join(home, 'anew-'));
    kernel.saveTo(folder);
    const anew = open(readFileSync(join(folder, 'journal'))).kernel;
    const same = knownTo(anew);

    expect(same).toEqual(knownTo(kernel));

    for (const each of [kernel, anew]) {
      const put = (table: string, key: string, value: unknown) => each.store.table<Json>(table).put(key, (value ?? null) as Json);
      each.transaction(() => more.forEach(({ writes }) => writes.forEach(({ table, key, value }) => put(table, key, value))));
    }
    expect(knownTo(anew)).toEqual(knownTo(kernel));
    kernel.stop();
    anew.stop();
  }), { numRuns: 10 });
});

test('torn at any byte of a record, a journal reads as at the end of the record before', async () => {
  await fc.assert(fc.asyncProperty(transactions, async (work) => {
    const { journal } = await journalOf(work);

    let before = wholeLines(journal.subarray(0, 0));
    for (let cut = 1; cut <= journal.length; cut++) {
      const torn = wholeLines(journal.subarray(0, cut));
      if (journal[cut - 1] === 10) before = { bytes: cut, lines: [...before.lines, torn.lines[torn.lines.length - 1]] };

      // An expectation a byte would be slow.
      const isBefore = torn.bytes === before.bytes && JSON.stringify(torn.lines) === JSON.stringify(before.lines);
      if (!isBefore) expect({ cut, ...torn }).toEqual({ cut, ...before });
    }
    expect(before.bytes).toBe(journal.length);
  }), { numRuns: 5 });
});

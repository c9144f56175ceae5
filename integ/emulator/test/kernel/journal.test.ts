import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal, StateFolderInUse } from '../../src/kernel/journal';
import type { TableLine } from '../../src/kernel/journal';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function written(lines: number): Buffer {
  const { journal } = Journal.open(folder);
  for (let at = 1; at <= lines; at++) journal.append({ at, changes: [{ table: 't', key: `k${at}`, value: `wert ${at} ü` }] });
  journal.close();
  return readFileSync(join(folder, 'journal'));
}

test('gives back what was appended', () => {
  written(3);

  const { journal, lines } = Journal.open(folder);

  expect(lines.map(({ at }) => at)).toEqual([1, 2, 3]);
  journal.close();
});

test('cut at any byte, the whole lines before the cut remain and the rest is dropped', () => {
  const whole = written(3);
  const ends = [...whole.entries()].filter(([, byte]) => byte === 10).map(([index]) => index + 1);

  for (let cut = 0; cut <= whole.length; cut++) {
    writeFileSync(join(folder, 'journal'), whole);
    truncateSync(join(folder, 'journal'), cut);
    const { journal, lines } = Journal.open(folder);
    journal.append({ at: 99, changes: [] });
    journal.close();
    const again = Journal.open(folder);

    expect(lines).toHaveLength(ends.filter((end) => end <= cut).length);
    expect(again.lines[again.lines.length - 1].at).toBe(99);
    again.journal.close();
  }
});

test('a line whose checksum is wrong ends what can be read', () => {
  const whole = written(3);
  const second = whole.indexOf(10) + 15;
  whole[second] ^= 1;
  writeFileSync(join(folder, 'journal'), whole);

  const { journal, lines } = Journal.open(folder);

  expect(lines).toHaveLength(1);
  journal.close();
});

test('compaction keeps the state and nothing else', () => {
  written(2);
  const { journal } = Journal.open(folder);

  journal.compact(5_000, 7, () => [{ table: 't', entries: [['all', 'with a\ttab']] }]);
  journal.append({ at: 8, changes: [] });
  journal.close();

  const again = Journal.open(folder);
  const [table, ...rest] = again.lines;
  expect(table).toMatchObject({ at: 7, table: 't', rows: 1 });
  expect((table as TableLine).read()).toEqual([['all', 'with a\ttab']]);
  expect(rest).toEqual([{ at: 8, changes: [] }]);
  again.journal.close();
});

test('a folder in use by a living process is refused; a dead one\'s lock is not', () => {
  writeFileSync(join(folder, 'lock'), String(process.ppid));
  expect(() => Journal.open(folder)).toThrow(StateFolderInUse);

  writeFileSync(join(folder, 'lock'), '4194304');
  const { journal } = Journal.open(folder);
  appendFileSync(join(folder, 'journal'), '');
  journal.close();

  expect(existsSync(join(folder, 'lock'))).toBe(false);
});

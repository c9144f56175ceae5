import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Tables } from '../src/kernel';
import type { Row } from '../src/kernel';

const FOLDER = join(__dirname, '..', 'tables');
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));

/** A public page, or a model by name and version. */
const PUBLIC = /https:\/\/\S+|\bbotocore [\w-]+\/\d{4}-\d{2}-\d{2}\/service-2\b/;

/** A file that only its authors have. */
const PRIVATE = /\b[\w-]+\.md\b|\bshared\/|\bfacts\//;

const withoutPages = (source: string) => source.replace(/https:\/\/\S+/g, '');

describe.each(NAMES)('every row of %s', (name) => {
  const rows = new Tables(FOLDER).all(name);
  const offenders = (isWrong: (row: Row) => boolean) => rows.filter(isWrong).map(({ id }) => id);

  test('has a basis and a source that others can read', () => {
    expect(rows.length).toBeGreaterThan(0);
    expect(offenders(({ basis }) => !['model', 'documented', 'measured', 'inferred', 'unverified'].includes(basis))).toEqual([]);
    expect(offenders(({ source }) => !source?.trim() || PRIVATE.test(withoutPages(source)))).toEqual([]);
  });

  test('that claims to be known names a public page or a model', () => {
    const known: readonly string[] = ['model', 'documented', 'measured'];

    expect(offenders(({ basis, source }) => known.includes(basis) && !PUBLIC.test(source))).toEqual([]);
  });

  test('that is unverified has the other answer', () => {
    expect(offenders(({ basis, variants }) => basis === 'unverified' && variants?.other === undefined)).toEqual([]);
  });

  test('has variants that are other answers, of the same kind', () => {
    const kind = (value: unknown) => Array.isArray(value) ? 'list' : typeof value;

    expect(offenders(({ value, variants = {} }) => Object.values(variants).some((other) => isDeepStrictEqual(other, value)))).toEqual([]);
    expect(offenders(({ value, variants = {} }) => Object.values(variants).some((other) => kind(other) !== kind(value)))).toEqual([]);
  });
});

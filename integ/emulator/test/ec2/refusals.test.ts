import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : [readFileSync(path, 'utf8')];
  });
}

interface Row {
  readonly id: string;
  readonly basis: string;
  readonly source: string;
  readonly variants?: Record<string, unknown>;
}

const rowsOf = (service: string): Row[] => (JSON.parse(readFileSync(join(ROOT, 'tables', `${service}.json`), 'utf8')) as { rows: Row[] }).rows;

describe.each(['ec2', 'iam', 'sts', 'autoscaling'])('%s', (service) => {
  const code = sources(join(ROOT, 'src', 'services', service)).join('\n');
  const rows = rowsOf(service);
  const patterns = [/refuse\(context, '([\w-]+)'/g, /missing: '([\w-]+)'/g, /find\(context, \w+\(context\), '\w+', '([\w-]+)'/g, /key: '([\w-]+)'/g];
  const named = new Set(patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1])));

  test('has a row for every refusal that it names', () => {
    const ids = new Set(rows.map(({ id }) => id));
    const other = new Set(['domain-name', 'domain-name-servers']);

    expect([...named].filter((key) => !other.has(key) && !ids.has(`error-${key}`))).toEqual([]);
    expect(named.size).toBeGreaterThan(0);
  });

  test('has no row twice, and a source and, where nothing is verified, another value for each', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(rows.filter(({ source }) => source.trim() === '')).toEqual([]);
    expect(rows.filter(({ basis, variants }) => basis === 'unverified' && variants?.other === undefined)).toEqual([]);
  });
});

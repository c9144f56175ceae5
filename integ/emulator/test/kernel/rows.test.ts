import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tables } from '../../src/kernel';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudhsm-tables-'));
  const rows = [
    { id: 'known', value: 1, basis: 'documented', source: 'https://example.com', variants: { other: 2 } },
    { id: 'measured', value: 1, basis: 'measured', source: 'https://example.com' },
    { id: 'assumed', value: 'a', basis: 'inferred', source: 'by analogy' },
    { id: 'quota-things', value: 4, basis: 'documented', source: 'https://example.com' },
    { id: 'open', value: true, basis: 'unverified', source: 'not published', variants: { other: false, third: 'maybe' } },
  ];
  writeFileSync(join(folder, 'service.json'), JSON.stringify({ rows }));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ALL = ['known', 'measured', 'assumed', 'open'];

/** Values of all rows, and what reading them leaned on. */
const read = (variants?: string[], overrides?: ReadonlyMap<string, unknown>) => {
  const tables = new Tables(folder, variants, overrides);
  return {
    values: ALL.map((id) => tables.value('service', id)),
    leaned: tables.assumptions().map(({ row, variant }) => `${row} ${variant}`),
  };
};

describe('the value of a row', () => {
  test.each<[string[], unknown[]]>([
    [['default'], [1, 1, 'a', true]],
    [['other'], [2, 1, 'a', false]],
    [['other', 'service/known=default'], [1, 1, 'a', false]],
    [['service/open=third'], [1, 1, 'a', 'maybe']],
  ])('with %j', (variants, values) => {
    expect(read(variants).values).toEqual(values);
  });
});

describe('the assumptions of a run', () => {
  test('are what was read and is not known', () => {
    expect(read().leaned).toEqual(['service/assumed default', 'service/open default']);
  });

  test('are also what was read in another value than is known', () => {
    expect(read(['other']).leaned).toEqual(['service/assumed default', 'service/known other', 'service/open other']);
  });

  test('are not what was never read, nor what was set by hand', () => {
    expect(new Tables(folder).assumptions()).toEqual([]);
    expect(read(['default'], new Map([['service/open', false]])).leaned).toEqual(['service/assumed default']);
  });
});

describe('a choice that means nothing', () => {
  test.each([
    ['othr', '[emulator] variant othr is not known; use default, other, or <table>/<row>=<variant>'],
    ['service/open=unheard-of', '[emulator] row service/open has no variant unheard-of; it has default, other, third'],
    ['service/shut=other', '[emulator] there is no row service/shut to choose or override; there are service/known, service/open'],
    ['servant/open=other', '[emulator] there is no row servant/open to choose or override; there are service/known, service/open'],
  ])('%s is refused with what there is', (variant, says) => {
    expect(() => new Tables(folder, [variant])).toThrow(says);
  });

  test('a quota that is not there is refused with those that are', () => {
    expect(() => new Tables(folder, ['default'], new Map([['service/quota-hats', 1]])))
      .toThrow('[emulator] there is no row service/quota-hats to choose or override; there are service/quota-things');
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tables } from '../../src/kernel';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rows-'));
  writeFileSync(join(folder, 'hats.json'), JSON.stringify({
    rows: [
      { id: 'quota-hats', value: 4, basis: 'documented', source: 'https://example.com/hats' },
      { id: 'brim', value: 'wide', basis: 'unverified', source: 'nobody says', variants: { other: 'none', narrow: 'narrow' } },
    ],
  }));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a row has its value, that of a chosen variant, or the one that was set', () => {
  expect(new Tables(folder).value('hats', 'brim')).toBe('wide');
  expect(new Tables(folder, ['other']).value('hats', 'brim')).toBe('none');
  expect(new Tables(folder, ['other', 'hats/brim=narrow']).value('hats', 'brim')).toBe('narrow');
  expect(new Tables(folder, ['other', 'hats/brim=default']).value('hats', 'brim')).toBe('wide');
  expect(new Tables(folder, ['other'], new Map([['hats/quota-hats', 9]])).value('hats', 'quota-hats')).toBe(9);
});

test('only what is not documented and was read is an assumption', () => {
  const tables = new Tables(folder, ['other']);
  tables.value('hats', 'quota-hats');
  const before = tables.assumptions();
  tables.value('hats', 'brim');

  expect(before).toEqual([]);
  expect(tables.assumptions()).toEqual([{ row: 'hats/brim', basis: 'unverified', variant: 'other', source: 'nobody says' }]);
});

test.each([
  { variants: ['othr'], says: '[emulator] variant othr is not known; use default, other, or <table>/<row>=<variant>' },
  { variants: ['hats/brim=round'], says: '[emulator] row hats/brim has no variant round; it has default, other, narrow' },
  { variants: ['hats/bow=other'], says: '[emulator] there is no row hats/bow to choose or override; there are hats/brim' },
  { variants: ['coats/brim=other'], says: '[emulator] there is no row coats/brim to choose or override; there are hats/brim' },
])('$variants is refused by name', ({ variants, says }) => {
  expect(() => new Tables(folder, variants)).toThrow(says);
});

test('a quota that is not there is refused with those that are', () => {
  expect(() => new Tables(folder, ['default'], new Map([['hats/quota-caps', 1]])))
    .toThrow('[emulator] there is no row hats/quota-caps to choose or override; there are hats/quota-hats');
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Lab } from './lab';
import type { Row } from '../../src/kernel';

const FOLDER = join(__dirname, '../../tables');
const SOURCES = join(__dirname, '../../src/services/cloudhsm');
const rowsOf = (table: string): Row[] => (JSON.parse(readFileSync(join(FOLDER, `${table}.json`), 'utf8')) as { rows: Row[] }).rows;
const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts')).map((file) => readFileSync(join(SOURCES, file), 'utf8')).join('\n');

describe.each(['cloudhsmv2', 'cloudhsm-hsm', 'cloudhsm-client'])('table %s', (table) => {
  test('names every row once, with a source, and every unverified one with another value', () => {
    const rows = rowsOf(table);

    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(rows.filter(({ source }) => !source)).toEqual([]);
    expect(rows.filter(({ basis, value, variants }) => basis === 'unverified' && (variants?.other === undefined || JSON.stringify(variants.other) === JSON.stringify(value)))).toEqual([]);
  });

  test('holds no row that nobody reads', () => {
    // Texts of dial problems are composed from the problem's name.
    const composed = ['text-unreachable', 'text-untrusted', 'text-expired', 'text-client-too-old', 'text-not-mutual'];
    const unread = rowsOf(table).map(({ id }) => id).filter((id) => !composed.includes(id) && !sources.includes(`${id}'`));

    expect(unread).toEqual([]);
  });
});

test('a whole life works with all other variants at once', async () => {
  const lab = new Lab({ variants: ['other'] });
  const clusterId = await lab.active({ Mode: 'FIPS' });
  const second = lab.addHsm(clusterId, 'us-east-1c');
  await lab.hsmReaches(clusterId, second, 'ACTIVE');
  for (const { HsmId } of lab.cluster(clusterId).Hsms) lab.hsm2('DeleteHsm', { ClusterId: clusterId, HsmId });
  await lab.until(() => lab.cluster(clusterId).Hsms.length === 0);
  lab.hsm2('DeleteCluster', { ClusterId: clusterId });
  await lab.until(() => lab.clusters().length === 0);
  lab.stop();
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyStoreLab } from './key-store-lab';
import type { Row } from '../../src/kernel';

const ROOT = join(__dirname, '../..');
const rows = (JSON.parse(readFileSync(join(ROOT, 'tables/kms.json'), 'utf8')) as { rows: Row[] }).rows;
const sources = readdirSync(join(ROOT, 'src/services/kms'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts')).map((file) => readFileSync(join(ROOT, 'src/services/kms', file), 'utf8')).join('\n');

test('every row has a source, and every unverified one another value', () => {
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  expect(rows.filter(({ source }) => !source)).toEqual([]);
  expect(rows.filter(({ basis, value, variants }) => basis === 'unverified'
    && (variants?.other === undefined || JSON.stringify(variants.other) === JSON.stringify(value)))).toEqual([]);
});

test('no row is there for nobody', () => {
  expect(rows.map(({ id }) => id).filter((id) => !sources.includes(`${id}'`))).toEqual([]);
});

test('a whole life works with all other variants at once', async () => {
  const lab = await keyStoreLab({ variants: ['other'] });
  const id = await lab.connectedStore();
  const { KeyId } = lab.createKey(id);
  const ciphertext = lab.encrypt(KeyId);
  await lab.disconnect(id);
  expect(await lab.connect(id)).toBe('CONNECTED');
  expect(lab.decrypt(ciphertext)).toBe('secret');
  lab.kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
  await lab.days(7);
  await lab.disconnect(id);
  lab.kms('DeleteCustomKeyStore', { CustomKeyStoreId: id });
  lab.stop();
});

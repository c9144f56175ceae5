import { asUser } from './_harness/admin-client';
import { beginWith } from './_harness/beginning';
import type { Offline } from './_harness/offline';
import { holderOf, refusedLogins, rotateNow, secretOf } from './_harness/passwords';
import { QUICK_START } from '../apps/quick-start';
import { rotatedUser } from '../apps/rotated-user';

let offline: Offline;

afterEach(() => offline.stop());

test('a rotation that is added later changes the password on the HSMs, with no login refused', async () => {
  offline = await beginWith(QUICK_START);
  await offline.mustDeploy(rotatedUser());
  const secretArn = await secretOf(offline, 'Crypto user app');
  const before = await holderOf(offline, secretArn, 'AWSCURRENT');

  const version = await rotateNow(offline, secretArn);

  expect(await holderOf(offline, secretArn, 'AWSCURRENT')).toBe(version);
  expect(await holderOf(offline, secretArn, 'AWSPREVIOUS')).toBe(before);
  expect(await asUser(offline, secretArn, 'key list --max-items 1')).toMatch(/"error_code": *0/);
  expect(await refusedLogins(offline, 'app')).toEqual([0, 0]);
});

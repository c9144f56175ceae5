import { asUser } from './_harness/admin-client';
import { beginWith } from './_harness/beginning';
import type { Offline } from './_harness/offline';
import { holderOf, refusedLogins, rotateNow, secretOf } from './_harness/passwords';
import { QUICK_START, quickStart } from '../apps/quick-start';
import { PasswordRotation } from 'cdk-cloudhsm';

let offline: Offline;

/** The quick start, whose user changes his password every month. */
const ROTATED = quickStart({
  users: [],
  and: (_stack, cluster) => { cluster.addCryptoUser('User-app', { userName: 'app', rotation: PasswordRotation.maintenanceWindow() }); },
});

afterEach(() => offline.stop());

test('a rotation that is added later changes the password on the HSMs, with no login refused', async () => {
  offline = await beginWith(QUICK_START);
  await offline.mustDeploy(ROTATED);
  const secretArn = await secretOf(offline, 'Crypto user app');
  const before = await holderOf(offline, secretArn, 'AWSCURRENT');

  const version = await rotateNow(offline, secretArn);

  expect(await holderOf(offline, secretArn, 'AWSCURRENT')).toBe(version);
  expect(await holderOf(offline, secretArn, 'AWSPREVIOUS')).toBe(before);
  expect(await asUser(offline, secretArn, 'key list --max-items 1')).toMatch(/"error_code": *0/);
  expect(await refusedLogins(offline, 'app')).toEqual([0, 0]);
});

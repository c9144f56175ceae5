import { RotationWorld, TOKEN } from './_helpers/rotation-world';
import type { SecretVersion } from '../../../src/handlers/aws/secret-versions';
import { keptLabel, planKeeping } from '../../../src/handlers/rotation/kept-passwords';

const DAY = 86_400_000;

/** Versions made every 30 days, of which the last is current. */
function monthly(count: number): SecretVersion[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `v${index}`,
    createdAt: index * 30 * DAY,
    labels: [keptLabel(`v${index}`), ...index === count - 1 ? ['AWSCURRENT'] : index === count - 2 ? ['AWSPREVIOUS'] : []],
  }));
}

const PENDING_VERSION: SecretVersion = { id: 'next', createdAt: 1_000 * DAY, labels: ['AWSPENDING'] };

describe('a password of an admin', () => {
  test('that was never labelled gets its label before it stops being current', () => {
    expect(planKeeping([{ id: 'v0', createdAt: 0, labels: ['AWSCURRENT'] }, PENDING_VERSION], [], 'next')).toEqual({ keep: ['v0'], release: [] });
  });

  test('is released when the last backup under it is gone, and no sooner', () => {
    // Of the five, v3 and v4 are the two newest.
    expect(planKeeping(monthly(5), [65 * DAY, 130 * DAY], 'next')).toEqual({ keep: [], release: ['v0'] });
    expect(planKeeping(monthly(5), [130 * DAY], 'next').release).toEqual(['v0', 'v1', 'v2']);
    expect(planKeeping(monthly(5), [0], 'next').release).toEqual(['v1', 'v2']);
  });

  test('is kept for a backup from between its successor\'s creation and that one\'s way to the HSMs', () => {
    expect(planKeeping(monthly(5), [30 * DAY + 1], 'next').release).toEqual(['v2']);
  });

  test('is kept when it is one of the two newest, whatever backups there are', () => {
    expect(planKeeping(monthly(2), [], 'next').release).toEqual([]);
  });

  test('is not dropped for want of labels: the rotation is refused', () => {
    const backups = Array.from({ length: 40 }, (_, week) => week * 15 * DAY);

    expect(planKeeping(monthly(16), backups, 'next').release).toEqual([]);
    expect(() => planKeeping(monthly(17), backups, 'next')).toThrow(/17 passwords are kept for backups/);
    // When old backups are gone there is room again.
    expect(planKeeping(monthly(17), backups.filter((at) => at > 60 * DAY), 'next').release).toEqual(['v0']);
  });

  test('of a rotation that failed before is no reason to drop another one', () => {
    const failed: SecretVersion = { id: 'next', createdAt: 150 * DAY, labels: ['AWSPENDING', keptLabel('next')] };

    expect(planKeeping([...monthly(5), failed], [95 * DAY], 'next').release).toEqual(['v0', 'v1']);
  });
});

describe('createSecret of an admin', () => {
  test('labels what is kept, releases what is not, and gives the new version a label of its own', async () => {
    const world = new RotationWorld({ Role: 'admin', UserName: 'cdk_automation' });
    world.versions = monthly(4).map((version) => (version.id === 'v3' ? { ...version, labels: ['AWSCURRENT'] } : version));

    await world.step('createSecret');

    expect(world.moved).toEqual([
      { label: keptLabel('v3'), to: 'v3' }, { label: keptLabel('v0'), from: 'v0' }, { label: keptLabel('v1'), from: 'v1' },
    ]);
    expect(world.put).toEqual([{ version: TOKEN, userName: 'cdk_automation', labels: ['AWSPENDING', keptLabel(TOKEN)] }]);
  });

  test('that would drop one makes no password', async () => {
    const world = new RotationWorld({ Role: 'admin' });
    world.versions = monthly(17);
    world.backups = Array.from({ length: 40 }, (_, index) => index * 15 * DAY);

    await expect(world.step('createSecret')).rejects.toMatchObject({ code: 'PasswordsOfBackupsKept' });

    expect([world.moved, world.put]).toEqual([[], []]);
  });
});

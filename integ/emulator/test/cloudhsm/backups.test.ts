import { labAt } from './lab';
import type { BackupShape, Lab } from './lab';

let lab: Lab;
let clusterId: string;

beforeEach(async () => {
  ({ lab, clusterId } = await labAt('active'));
  await lab.until(() => lab.backups(clusterId)[0]?.BackupState === 'READY');
});

afterEach(() => lab.stop());

const ready = (): BackupShape[] => lab.backups(clusterId).filter(({ BackupState }) => BackupState === 'READY');

describe('making', () => {
  test('activation makes one, each added and each removed HSM another', async () => {
    expect(lab.backups(clusterId)).toHaveLength(1);
    const second = lab.addHsm(clusterId, 'us-east-1c');
    expect(lab.backups(clusterId)).toHaveLength(2);
    expect(lab.backups(clusterId)[0].BackupState).toBe('CREATE_IN_PROGRESS');
    await lab.hsmReaches(clusterId, second, 'ACTIVE');
    lab.hsm2('DeleteHsm', { ClusterId: clusterId, HsmId: second });
    expect(lab.backups(clusterId)).toHaveLength(3);
  });

  test('one that never gets READY, as a fault has it, stays in the making, and the one before it stays the newest', async () => {
    lab.kernel.faults.add({ service: 'cloudhsmv2', operation: 'backup-ready', kind: 'never' });
    lab.addHsm(clusterId, 'us-east-1c');
    await lab.days(0.5);

    expect(lab.backups(clusterId).map(({ BackupState }) => BackupState)).toEqual(['CREATE_IN_PROGRESS', 'READY']);
  });

  test('one is made every day, as long as there is an HSM', async () => {
    await lab.days(3);
    expect(lab.backups(clusterId)).toHaveLength(4);

    const [{ HsmId }] = lab.cluster(clusterId).Hsms;
    lab.hsm2('DeleteHsm', { ClusterId: clusterId, HsmId });
    await lab.days(3);
    expect(lab.backups(clusterId)).toHaveLength(5);
  });
});

describe('retention', () => {
  test('purges what is too old into a window of seven days, but never the last one', async () => {
    lab.hsm2('ModifyCluster', { ClusterId: clusterId, BackupRetentionPolicy: { Type: 'DAYS', Value: '7' } });
    const [first] = lab.backups(clusterId);
    await lab.days(7);
    expect(lab.backups(clusterId).find(({ BackupId }) => BackupId === first.BackupId)).toMatchObject({ BackupState: 'PENDING_DELETION' });
    await lab.days(7);
    expect(lab.backups(clusterId).map(({ BackupId }) => BackupId)).not.toContain(first.BackupId);

    const [{ HsmId }] = lab.cluster(clusterId).Hsms;
    lab.hsm2('DeleteHsm', { ClusterId: clusterId, HsmId });
    await lab.days(60);
    expect(lab.backups(clusterId)).toMatchObject([{ BackupState: 'READY' }]);
  });

  test('leaves a backup that never expires', async () => {
    const [{ BackupId }] = lab.backups(clusterId);
    expect(lab.hsm2('ModifyBackupAttributes', { BackupId, NeverExpires: true })).toMatchObject({ Backup: { NeverExpires: true } });
    lab.hsm2('ModifyCluster', { ClusterId: clusterId, BackupRetentionPolicy: { Type: 'DAYS', Value: '7' } });

    await lab.days(20);

    expect(ready().map((backup) => backup.BackupId)).toContain(BackupId);
    expect(lab.hsm2('DescribeBackups', { Filters: { neverExpires: ['True'] } })).toMatchObject({ Backups: [{ BackupId }] });
  });

  test('purges again what was restored', async () => {
    lab.hsm2('ModifyCluster', { ClusterId: clusterId, BackupRetentionPolicy: { Type: 'DAYS', Value: '7' } });
    const [{ BackupId }] = lab.backups(clusterId);
    await lab.days(8);

    expect(lab.hsm2('RestoreBackup', { BackupId })).toMatchObject({ Backup: { BackupState: 'READY' } });
    await lab.days(1);

    expect(lab.hsm2('DescribeBackups', { Filters: { backupIds: [BackupId] } })).toMatchObject({ Backups: [{ BackupState: 'PENDING_DELETION' }] });
  });
});

describe('DeleteBackup and RestoreBackup', () => {
  test('move a backup into the window and out of it', async () => {
    const [{ BackupId }] = lab.backups(clusterId);
    const { Backup } = lab.hsm2<{ Backup: BackupShape }>('DeleteBackup', { BackupId });
    expect(Backup.BackupState).toBe('PENDING_DELETION');
    expect(Math.round((Backup.DeleteTimestamp!.getTime() - Date.now()) / 86_400_000)).toBe(7);
    expect(lab.refused('DeleteBackup', { BackupId })).toMatch(/^CloudHsmInvalidRequestException: .*PENDING_DELETION/);

    const { Backup: restored } = lab.hsm2<{ Backup: BackupShape }>('RestoreBackup', { BackupId });
    expect(restored).toMatchObject({ BackupState: 'READY' });
    expect(restored.DeleteTimestamp).toBeUndefined();
    await lab.days(8);
    expect(ready().map((backup) => backup.BackupId)).toContain(BackupId);
  });

  test.each(['DeleteBackup', 'RestoreBackup', 'ModifyBackupAttributes'])('%s of an unknown backup is not found', (operation) => {
    const input = { BackupId: 'backup-aaaaaaaaaaa', ...(operation === 'ModifyBackupAttributes' ? { NeverExpires: true } : {}) };
    expect(lab.refused(operation, input)).toMatch(/^CloudHsmResourceNotFoundException: /);
  });

  test.each([['RestoreBackup', {}], ['ModifyBackupAttributes', { NeverExpires: true }]])('%s is refused in the wrong state', (operation, more) => {
    const [{ BackupId }] = lab.backups(clusterId);
    if (operation !== 'RestoreBackup') lab.hsm2('DeleteBackup', { BackupId });

    expect(lab.refused(operation, { BackupId, ...more })).toMatch(/^CloudHsmInvalidRequestException: /);
  });

  test('a backup in the window cannot be restored from', () => {
    const [{ BackupId }] = lab.backups(clusterId);
    lab.hsm2('DeleteBackup', { BackupId });

    expect(lab.refused('CreateCluster', { HsmType: 'hsm2m.medium', SubnetIds: ['subnet-0000000b'], SourceBackupId: BackupId }))
      .toMatch(/^CloudHsmInvalidRequestException: .*PENDING_DELETION/);
  });
});

describe('listing', () => {
  test('is newest first, unless asked otherwise', async () => {
    await lab.days(2);
    const newestFirst = lab.backups(clusterId).map(({ BackupId }) => BackupId);
    const { Backups } = lab.hsm2<{ Backups: BackupShape[] }>('DescribeBackups', { SortAscending: true });

    expect(newestFirst).toHaveLength(3);
    expect(Backups.map(({ BackupId }) => BackupId)).toEqual([...newestFirst].reverse());
  });

  test('restores into a cluster of the same mode only', () => {
    const [{ BackupId }] = lab.backups(clusterId);

    expect(lab.refused('CreateCluster', { HsmType: 'hsm2m.medium', SubnetIds: ['subnet-0000000b'], SourceBackupId: BackupId, Mode: 'NON_FIPS' }))
      .toMatch(/^CloudHsmInvalidRequestException: .*FIPS/);
  });
});

describe('CopyBackupToRegion', () => {
  test('makes a backup that is found there by its source, keeps no retention and can be restored', async () => {
    const [{ BackupId }] = lab.backups(clusterId);
    lab.hsm2('TagResource', { ResourceId: BackupId, TagList: [{ Key: 'k', Value: 'v' }] });
    const there = { region: 'eu-west-1' };
    const copies = (): BackupShape[] => lab.hsm2<{ Backups: BackupShape[] }>('DescribeBackups', { Filters: { sourceBackupIds: [BackupId] } }, there).Backups;

    expect(lab.hsm2('CopyBackupToRegion', { BackupId, DestinationRegion: 'eu-west-1' }))
      .toMatchObject({ DestinationBackup: { SourceBackup: BackupId, SourceRegion: 'us-east-1', SourceCluster: clusterId } });
    expect(copies()).toMatchObject([{ BackupState: 'CREATE_IN_PROGRESS', TagList: [{ Key: 'k', Value: 'v' }] }]);
    await lab.until(() => copies()[0].BackupState === 'READY');
    await lab.days(400);
    expect(copies()).toMatchObject([{ BackupState: 'READY', BackupArn: expect.stringContaining(':eu-west-1:') as string }]);
    expect(lab.hsm2('CreateCluster', { HsmType: 'hsm2m.medium', SubnetIds: ['subnet-0000000b'], SourceBackupId: copies()[0].BackupId }, there))
      .toMatchObject({ Cluster: { SourceBackupId: copies()[0].BackupId } });
  });

  test.each(['us-east-1', 'us-gov-west-1'])('refuses %s', (region) => {
    const [{ BackupId }] = lab.backups(clusterId);
    expect(lab.refused('CopyBackupToRegion', { BackupId, DestinationRegion: region })).toMatch(/^CloudHsmInvalidRequestException: /);
  });
});

describe('resource policies', () => {
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999999999999:root' }, Action: ['cloudhsm:CreateCluster', 'cloudhsm:DescribeBackups'], Resource: '*' }],
  });
  const restoring = { HsmType: 'hsm2m.medium', SubnetIds: ['subnet-0000000b'] };

  test('let another account restore, by the full ARN and only while they are there', () => {
    const [{ BackupArn: arn }] = lab.backups(clusterId);
    const elsewhere = (): unknown => lab.hsm2('CreateCluster', { ...restoring, SourceBackupId: arn }, { account: '999999999999' });
    expect(elsewhere).toThrow(/does not have permission/);

    expect(lab.hsm2('PutResourcePolicy', { ResourceArn: arn, Policy: policy })).toEqual({ ResourceArn: arn, Policy: policy });
    expect(lab.hsm2('GetResourcePolicy', { ResourceArn: arn })).toEqual({ Policy: policy });
    expect(elsewhere()).toHaveProperty('Cluster');

    expect(lab.hsm2('DeleteResourcePolicy', { ResourceArn: arn })).toEqual({ ResourceArn: arn, Policy: policy });
    expect(lab.hsm2('GetResourcePolicy', { ResourceArn: arn })).toEqual({});
    expect(elsewhere).toThrow(/does not have permission/);
  });

  test('show a backup to those it is shared with, once the share is promoted', async () => {
    const { lab: promoted, clusterId: sharing } = await labAt('active', { variants: ['cloudhsmv2/shared-needs-promotion=promoted'] });
    await promoted.until(() => promoted.backups(sharing)[0]?.BackupState === 'READY');
    const [{ BackupArn: arn, BackupId }] = promoted.backups(sharing);
    const listed = (of: Lab, account = '999999999999'): unknown => of.hsm2('DescribeBackups', { Shared: true }, { account });
    promoted.hsm2('PutResourcePolicy', { ResourceArn: arn, Policy: policy });
    lab.hsm2('PutResourcePolicy', { ResourceArn: lab.backups(clusterId)[0].BackupArn, Policy: policy });

    expect(listed(promoted)).toMatchObject({ Backups: [{ BackupId, BackupArn: arn }] });
    expect(listed(promoted, '888888888888')).toEqual({ Backups: [] });
    expect(listed(lab)).toEqual({ Backups: [] });
    promoted.hsm2('DeleteResourcePolicy', { ResourceArn: arn });
    expect(listed(promoted)).toEqual({ Backups: [] });
    promoted.stop();
  });

  test('that deny win over those that allow', () => {
    const [{ BackupArn: arn }] = lab.backups(clusterId);
    const both = JSON.parse(policy) as { Statement: object[] };
    const Policy = JSON.stringify({ ...both, Statement: [...both.Statement, { Effect: 'Deny', Principal: '*', Action: 'cloudhsm:Create*', Resource: '*' }] });

    lab.hsm2('PutResourcePolicy', { ResourceArn: arn, Policy });

    expect(() => lab.hsm2('CreateCluster', { ...restoring, SourceBackupId: arn }, { account: '999999999999' })).toThrow(/does not have permission/);
  });

  test('are for backups only, and must be JSON', () => {
    const [{ BackupArn: arn }] = lab.backups(clusterId);

    expect(lab.refused('PutResourcePolicy', { ResourceArn: `arn:aws:cloudhsm:us-east-1:123456789012:cluster/${clusterId}`, Policy: policy }))
      .toMatch(/^CloudHsmInvalidRequestException: /);
    expect(lab.refused('PutResourcePolicy', { ResourceArn: arn, Policy: '{' })).toMatch(/^CloudHsmInvalidRequestException: /);
  });
});

import { cpSync, rmSync } from 'node:fs';
import { ADMIN, Lab, newFolder, PASSWORD } from './lab';
import type { BackupShape, ClusterShape } from './lab';

const LEGACY = ['cloudhsmv2/hsm-types=legacy'];

type Typed = Omit<ClusterShape, 'Hsms'> & { HsmType: string; HsmTypeRollbackExpiration?: Date; Hsms: Array<ClusterShape['Hsms'][number] & { HsmType: string }> };

let lab: Lab;
let clusterId: string;

/** Making keys is slow: each test opens a copy of one state folder. */
const prepared = newFolder();

beforeAll(async () => {
  lab = new Lab({ variants: LEGACY });
  clusterId = await lab.active({ HsmType: 'hsm1.medium' });
  await lab.hsmReaches(clusterId, lab.addHsm(clusterId, 'us-east-1c'), 'ACTIVE');
  createUser('before');
  cpSync(lab.folder, prepared, { recursive: true, filter: (file) => !file.endsWith('lock') });
  lab.stop();
});

afterAll(() => rmSync(prepared, { recursive: true, force: true }));

beforeEach(() => {
  const folder = newFolder();
  cpSync(prepared, folder, { recursive: true });
  lab = new Lab({ variants: LEGACY, folder });
});

afterEach(() => lab.stop());

const cluster = (): Typed => lab.cluster(clusterId) as Typed;
const types = (): string[] => cluster().Hsms.map(({ HsmType }) => HsmType).sort();
const addresses = (): Array<string | undefined> => cluster().Hsms.map(({ EniIp, EniId }) => `${EniIp} ${EniId}`).sort();
const usernames = (): string[] => lab.users(clusterId).map(({ username }) => username);

function createUser(username: string): number {
  return lab.cli(clusterId, ['user', 'create', '--username', username, '--role', 'crypto-user', '--password', PASSWORD], { as: ADMIN }).error_code;
}

function modify(HsmType: string): Typed {
  return lab.hsm2<{ Cluster: Typed }>('ModifyCluster', { ClusterId: clusterId, HsmType }).Cluster;
}

test('HSMs get the new type one at a time, on the same interfaces, each after a backup of its old type', async () => {
  const before = addresses();
  const start = lab.seconds;

  expect(modify('hsm2m.medium')).toMatchObject({ State: 'MODIFY_IN_PROGRESS', HsmType: 'hsm2m.medium' });
  const expiry = cluster().HsmTypeRollbackExpiration!;
  expect(Math.round((expiry.getTime() - Date.now()) / 3_600_000)).toBe(24);
  const seen = new Set<string>();
  await lab.until(() => {
    seen.add(types().join());
    expect(cluster().Hsms.filter(({ State }) => State === 'CREATE_IN_PROGRESS').length).toBeLessThanOrEqual(1);
    return cluster().State === 'ACTIVE';
  });

  expect([...seen]).toEqual(['hsm1.medium,hsm1.medium', 'hsm1.medium,hsm2m.medium', 'hsm2m.medium,hsm2m.medium']);
  expect(addresses()).toEqual(before);
  expect(usernames()).toContain('before');
  expect((lab.seconds - start) / 60).toBeGreaterThan(50);
  const made = lab.hsm2<{ Backups: Array<BackupShape & { HsmType: string }> }>('DescribeBackups', { Filters: { clusterIds: [clusterId] } }).Backups;
  expect(made.slice(0, 2).map(({ HsmType }) => HsmType)).toEqual(['hsm1.medium', 'hsm1.medium']);
  await lab.days(1);
  expect(lab.backups(clusterId).length).toBeGreaterThan(made.length);
});

test('while types change nothing is written and no HSM comes or goes', async () => {
  modify('hsm2m.medium');

  expect(createUser('during')).toBe(1);
  expect(lab.refused('CreateHsm', { ClusterId: clusterId, AvailabilityZone: 'us-east-1b' })).toMatch(/^CloudHsmInvalidRequestException: .*MODIFY_IN_PROGRESS/);
  expect(lab.refused('DeleteHsm', { ClusterId: clusterId, HsmId: cluster().Hsms[0].HsmId })).toMatch(/^CloudHsmInvalidRequestException: .*MODIFY_IN_PROGRESS/);
  expect(lab.refused('DeleteCluster', { ClusterId: clusterId })).toMatch(/^CloudHsmInvalidRequestException: /);
  await lab.reaches(clusterId, 'ACTIVE');
  expect(createUser('after')).toBe(0);
});

test('going back within the window loses what was made since', async () => {
  modify('hsm2m.medium');
  await lab.reaches(clusterId, 'ACTIVE');
  createUser('since');

  expect(modify('hsm1.medium')).toMatchObject({ State: 'ROLLBACK_IN_PROGRESS', HsmType: 'hsm1.medium' });
  await lab.reaches(clusterId, 'ACTIVE');

  expect(types()).toEqual(['hsm1.medium', 'hsm1.medium']);
  expect(usernames()).toEqual(expect.arrayContaining(['admin', 'before']));
  expect(usernames()).not.toContain('since');
  expect(cluster().HsmTypeRollbackExpiration).toBeUndefined();
});

test('going back halfway leaves what was there', async () => {
  modify('hsm2m.medium');
  await lab.until(() => types().includes('hsm2m.medium') && cluster().Hsms.every(({ State }) => State === 'ACTIVE'));

  modify('hsm1.medium');
  await lab.reaches(clusterId, 'ACTIVE');

  expect(types()).toEqual(['hsm1.medium', 'hsm1.medium']);
  expect(usernames()).toContain('before');
});

test('after 24 hours there is no way back', async () => {
  modify('hsm2m.medium');
  await lab.days(1);
  await lab.advance(1);

  expect(cluster()).not.toHaveProperty('HsmTypeRollbackExpiration');
  expect(lab.refused('ModifyCluster', { ClusterId: clusterId, HsmType: 'hsm1.medium' })).toMatch(/^CloudHsmInvalidRequestException: .*is over/);
});

test('a check that fails on the way rolls back by itself', async () => {
  lab.kernel.faults.add({ service: 'cloudhsmv2', operation: 'type-change', kind: 'error', nth: 2 });
  modify('hsm2m.medium');

  await lab.reaches(clusterId, 'ROLLBACK_IN_PROGRESS');
  await lab.reaches(clusterId, 'ACTIVE');

  expect(types()).toEqual(['hsm1.medium', 'hsm1.medium']);
});

test('an HSM that fails meanwhile is replaced by one of the new type', async () => {
  modify('hsm2m.medium');
  lab.call('cloudhsm-hsm', 'EmulatedReplaceHsm', { hsmId: cluster().Hsms[1].HsmId });

  await lab.reaches(clusterId, 'ACTIVE');

  expect(types()).toEqual(['hsm2m.medium', 'hsm2m.medium']);
});

test('a backup restores onto its own type, the next one, and no older one', async () => {
  await lab.until(() => lab.backups(clusterId).every(({ BackupState }) => BackupState === 'READY'));
  const [{ BackupId: old }] = lab.backups(clusterId);
  modify('hsm2m.medium');
  await lab.reaches(clusterId, 'ACTIVE');
  await lab.hsmReaches(clusterId, lab.addHsm(clusterId), 'ACTIVE');
  const [{ BackupId: young }] = lab.backups(clusterId);
  const restoring = (HsmType: string, SourceBackupId: string) => ({ HsmType, SubnetIds: ['subnet-0000000b'], SourceBackupId });

  expect(lab.hsm2('CreateCluster', restoring('hsm1.medium', old))).toMatchObject({ Cluster: { HsmType: 'hsm1.medium' } });
  expect(lab.hsm2('CreateCluster', restoring('hsm2m.medium', old))).toMatchObject({ Cluster: { HsmType: 'hsm2m.medium' } });
  expect(lab.refused('CreateCluster', restoring('hsm1.medium', young))).toMatch(/^CloudHsmInvalidRequestException: .*hsm2m.medium/);
});

test('a cluster without HSMs changes its type too', async () => {
  for (const { HsmId } of cluster().Hsms) lab.hsm2('DeleteHsm', { ClusterId: clusterId, HsmId });
  await lab.until(() => cluster().Hsms.length === 0);

  expect(modify('hsm2m.medium')).toMatchObject({ State: 'MODIFY_IN_PROGRESS', Hsms: [] });
  await lab.reaches(clusterId, 'ACTIVE');
  await lab.hsmReaches(clusterId, lab.addHsm(clusterId), 'ACTIVE');

  expect(types()).toEqual(['hsm2m.medium']);
  expect(usernames()).toContain('before');
});

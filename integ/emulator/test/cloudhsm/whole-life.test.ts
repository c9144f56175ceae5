import { X509Certificate } from 'node:crypto';
import { ADMIN, Lab, PASSWORD } from './lab';

let lab: Lab;

beforeEach(() => {
  lab = new Lab({ rows: { 'cloudhsmv2/quota-hsms': 28 } });
});

afterEach(() => lab.stop());

test('a cluster lives from creation to deletion, and its backups remain', async () => {
  const clusterId = lab.create({ TagList: [{ Key: 'purpose', Value: 'test' }] });
  expect(lab.cluster(clusterId)).toMatchObject({ State: 'CREATE_IN_PROGRESS', Hsms: [], Certificates: {} });
  expect(lab.cluster(clusterId).SecurityGroup).toBeUndefined();

  await lab.reaches(clusterId, 'UNINITIALIZED');
  expect(lab.cluster(clusterId).SecurityGroup).toMatch(/^sg-[0-9a-f]{17}$/);
  const first = lab.addHsm(clusterId);
  expect(lab.hsm(clusterId, first)).toMatchObject({ State: 'CREATE_IN_PROGRESS' });
  expect(lab.hsm(clusterId, first)?.EniIp).toBeUndefined();
  expect(lab.cluster(clusterId).Certificates).toEqual({});

  await lab.hsmReaches(clusterId, first, 'ACTIVE');
  expect(lab.hsm(clusterId, first)).toMatchObject({ StateMessage: 'HSM created.', EniIp: expect.stringMatching(/^10\./) as string });
  expect(Object.keys(lab.cluster(clusterId).Certificates).sort())
    .toEqual(['AwsHardwareCertificate', 'ClusterCsr', 'HsmCertificate', 'ManufacturerHardwareCertificate']);

  lab.initialize(clusterId);
  expect(lab.cluster(clusterId)).toMatchObject({
    State: 'INITIALIZE_IN_PROGRESS', StateMessage: 'Cluster is initializing. State will change to INITIALIZED upon completion.',
  });
  expect(Object.keys(lab.cluster(clusterId).Certificates)).toEqual(['ClusterCertificate']);
  await lab.reaches(clusterId, 'INITIALIZED');
  expect(lab.backups(clusterId)).toEqual([]);
  expect(lab.refused('CreateHsm', { ClusterId: clusterId, AvailabilityZone: 'us-east-1c' }))
    .toBe(`CloudHsmInvalidRequestException: Cluster '${clusterId}' already contains an HSM but has not yet been fully activated`);

  expect(lab.users(clusterId)).toEqual([
    { 'username': 'admin', 'role': 'unactivated-admin', 'locked': 'false', 'mfa': [], 'quorum': [], 'cluster-coverage': 'full' },
    { 'username': 'app_user', 'role': 'internal(APPLIANCE_USER)', 'locked': 'false', 'mfa': [], 'quorum': [], 'cluster-coverage': 'full' },
  ]);
  expect(lab.cli(clusterId, ['cluster', 'activate', '--password', PASSWORD]))
    .toEqual({ error_code: 0, data: 'Cluster activation successful', exitCode: 0 });
  const activated = lab.seconds;
  expect(lab.cluster(clusterId).State).toBe('INITIALIZED');
  await lab.reaches(clusterId, 'ACTIVE');
  expect(lab.seconds - activated).toBeGreaterThanOrEqual(60);
  expect(lab.seconds - activated).toBeLessThanOrEqual(80);
  await lab.until(() => lab.backups(clusterId)[0]?.BackupState === 'READY');

  const more = ['us-east-1c', 'us-east-1b', 'us-east-1c'].map((zone) => lab.addHsm(clusterId, zone));
  for (const hsmId of more) await lab.hsmReaches(clusterId, hsmId, 'ACTIVE');
  expect(lab.backups(clusterId)).toHaveLength(4);

  expect(lab.cli(clusterId, ['user', 'create', '--username', 'App', '--role', 'crypto-user', '--password', 'AppPassword1'], { as: ADMIN }))
    .toEqual({ error_code: 0, data: { username: 'app', role: 'crypto-user' }, exitCode: 0 });
  expect(lab.users(clusterId).map(({ username, role, 'cluster-coverage': coverage }) => [username, role, coverage])).toEqual([
    ['admin', 'admin', 'full'], ['app_user', 'internal(APPLIANCE_USER)', 'full'], ['app', 'crypto-user', 'full'],
  ]);

  for (const hsmId of [first, ...more]) lab.hsm2('DeleteHsm', { ClusterId: clusterId, HsmId: hsmId });
  expect(lab.refused('DeleteCluster', { ClusterId: clusterId })).toMatch(/^CloudHsmInvalidRequestException: /);
  await lab.until(() => lab.cluster(clusterId).Hsms.length === 0);
  expect(lab.cluster(clusterId).State).toBe('ACTIVE');

  expect(lab.hsm2('DeleteCluster', { ClusterId: clusterId }))
    .toMatchObject({ Cluster: { State: 'DELETE_IN_PROGRESS', StateMessage: 'The cluster is being deleted.' } });
  await lab.reaches(clusterId, 'DELETED');
  await lab.until(() => lab.clusters().length === 0);
  await lab.until(() => lab.backups(clusterId).every(({ BackupState }) => BackupState === 'READY'));
  expect(lab.backups(clusterId)).toHaveLength(8);
  expect(lab.context('ec2').table('fake/enis').size()).toBe(0);
  expect(lab.context('ec2').table('fake/groups').size()).toBe(0);
});

test('a cluster made from a backup has the users of that time and needs neither initialization nor activation', async () => {
  const original = await lab.active();
  lab.cli(original, ['user', 'create', '--username', 'app', '--role', 'crypto-user', '--password', 'AppPassword1'], { as: ADMIN });
  const hsmId = lab.addHsm(original, 'us-east-1c');
  await lab.hsmReaches(original, hsmId, 'ACTIVE');
  await lab.until(() => lab.backups(original).every(({ BackupState }) => BackupState === 'READY'));
  const [{ BackupId }] = lab.backups(original);

  const restored = lab.create({ SourceBackupId: BackupId });
  expect(lab.cluster(restored)).toMatchObject({
    State: 'CREATE_IN_PROGRESS', SourceBackupId: BackupId, Certificates: lab.cluster(original).Certificates,
  });
  await lab.reaches(restored, 'ACTIVE');
  expect(lab.cluster(restored).Hsms).toEqual([]);
  await lab.hsmReaches(restored, lab.addHsm(restored), 'ACTIVE');

  expect(lab.users(restored).map(({ username }) => username)).toEqual(['admin', 'app_user', 'app']);
  expect(lab.cli(restored, ['key', 'list'], { as: ['crypto-user', 'app:AppPassword1'] }).error_code).toBe(0);
});

test('the identity of the first HSM can be verified along both chains', async () => {
  const clusterId = await lab.withFirstHsm();
  const { Certificates } = lab.cluster(clusterId);
  const { awsRoot, manufacturerRoot } = lab.call<{ awsRoot: string; manufacturerRoot: string }>('cloudhsm-hsm', 'EmulatedRoots');

  for (const [hardwarePem, rootPem] of [
    [Certificates.AwsHardwareCertificate, awsRoot], [Certificates.ManufacturerHardwareCertificate, manufacturerRoot],
  ]) {
    const [hsm, hardware, root] = [Certificates.HsmCertificate, hardwarePem, rootPem].map((pem) => new X509Certificate(pem));
    expect(hsm.checkIssued(hardware) && hsm.verify(hardware.publicKey)).toBe(true);
    expect(hardware.checkIssued(root) && hardware.verify(root.publicKey)).toBe(true);
    expect(root.verify(root.publicKey)).toBe(true);
  }
  const signed = new X509Certificate(lab.authority.sign(Certificates.ClusterCsr));
  expect(new X509Certificate(Certificates.HsmCertificate).publicKey.equals(signed.publicKey)).toBe(true);
});

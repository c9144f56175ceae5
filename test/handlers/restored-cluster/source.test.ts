import { observeSource, sourceProblem } from '../../../src/handlers/restored-cluster/source';
import type { ObservedSource } from '../../../src/handlers/restored-cluster/source';
import type { BackupSource } from '../../../src/lifecycle/restored-cluster-contract';
import { fakeAws, FakeParameters } from '../_helpers/aws';
import { CLUSTER_ID, NOW, STACK_ID } from '../_helpers/request';
import { rsaKey } from '../pki/_helpers/keys';
import { CAVIUM_SUBJECT, certificatePem, MARVELL_SUBJECT } from '../pki/_helpers/x509';

const DAY = 86_400_000;
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:Admin-AbCdEf';
const BACKUP_ID = 'backup-rtq2dwi2gq6';
const arn = (region: string, account: string) => `arn:aws:cloudhsm:${region}:${account}:backup/${BACKUP_ID}`;

const [OURS, OTHERS] = [rsaKey('ours'), rsaKey('others')];
const anchor = (key: typeof OURS, notAfter?: string) => certificatePem({ key, subject: CAVIUM_SUBJECT, notAfter });
const leaf = certificatePem({ key: rsaKey('hsm'), subject: MARVELL_SUBJECT, issuer: CAVIUM_SUBJECT, signedBy: OURS });

const SOURCE: BackupSource = { BackupId: BACKUP_ID, BackupAdminSecretArn: SECRET };
const WANTED = { HsmType: 'hsm2m.medium', Mode: 'FIPS' };
const BACKUP = { backupId: BACKUP_ID, state: 'READY', clusterId: CLUSTER_ID, hsmType: 'hsm2m.medium', mode: 'FIPS', createdAt: NOW - DAY };
const OBSERVED: ObservedSource = {
  backup: BACKUP, trustAnchor: anchor(OURS), clusterCertificate: leaf, adminSecretVersionIds: ['v1', 'v0'], here: { region: 'eu-west-1', account: '111122223333', now: NOW },
};
const problem = (observed: Partial<ObservedSource> = {}, source: Partial<BackupSource> = {}, wanted: Partial<typeof WANTED> = {}) =>
  sourceProblem({ ...SOURCE, ...source }, { ...WANTED, ...wanted }, { ...OBSERVED, ...observed });

describe('a backup', () => {
  test.each<[string, Partial<ObservedSource>, Partial<BackupSource>, Partial<typeof WANTED>]>([
    ['is READY, and all that belongs to it is there', {}, {}, {}],
    ['was made on an older type that leads to the wanted one', { backup: { ...BACKUP, hsmType: 'hsm1.medium' } }, {}, {}],
    ['is of a cluster that is gone', { clusterCertificate: undefined }, {}, {}],
    ['is another account\'s and not listed', { backup: undefined, named: { region: 'eu-west-1', account: '444455556666' }, clusterCertificate: undefined }, { BackupId: arn('eu-west-1', '444455556666') }, {}],
  ])('can be restored when it %s', (_, observed, source, wanted) => {
    expect(problem(observed, source, wanted)).toBeUndefined();
  });

  test.each<[string, Partial<ObservedSource>, Partial<BackupSource>, Partial<typeof WANTED>, string, RegExp]>([
    ['is in another Region', { named: { region: 'us-east-1', account: '111122223333' } }, { BackupId: arn('us-east-1', '111122223333') }, {}, 'BackupOfOtherRegion', /is in us-east-1, this stack in eu-west-1; copy/],
    ['is gone', { backup: undefined }, {}, {}, 'BackupGone', /backup-rtq2dwi2gq6 does not exist/],
    ['is not there yet', { backup: undefined }, { BackupId: undefined, SourceClusterId: CLUSTER_ID }, {}, 'NoBackup', /cluster-igklspoyj5v has no READY backup/],
    ['is on its way out', { backup: { ...BACKUP, state: 'PENDING_DELETION' } }, {}, {}, 'BackupNotReady', /take it back by aws cloudhsmv2 restore-backup --backup-id backup-rtq2dwi2gq6/],
    ['is being made', { backup: { ...BACKUP, state: 'CREATE_IN_PROGRESS' } }, {}, {}, 'BackupNotReady', /wait until it is/],
    ['is of another mode', { backup: { ...BACKUP, mode: 'NON_FIPS' } }, {}, {}, 'BackupModeDiffers', /mode NON_FIPS, and mode is FIPS; set mode to NON_FIPS/],
    ['is of a newer type', {}, {}, { HsmType: 'hsm1.medium' }, 'BackupTypeDiffers', /on hsm2m.medium and cannot be restored onto hsm1.medium; set hsmType to hsm2m.medium/],
    ['has no trust anchor', { trustAnchor: undefined }, {}, {}, 'TrustAnchorMissing', /of cluster-igklspoyj5v is not known here; give trustAnchor/],
    ['has something else for a trust anchor', { trustAnchor: 'no certificate' }, {}, {}, 'TrustAnchorUnreadable', /customerCA.crt/],
    ['has an anchor that ended', { trustAnchor: anchor(OURS, '2026-11-22T00:00:00Z') }, {}, {}, 'TrustAnchorExpired', /expired on/],
    ['has the anchor of another cluster', { trustAnchor: anchor(OTHERS) }, {}, {}, 'TrustAnchorWrong', /did not sign/],
    ['is older than every password', { adminSecretVersionIds: [] }, {}, {}, 'AdminPasswordOfBackupGone', /newer than backup-rtq2dwi2gq6 \(2026-11-22T18:00:00.000Z\)/],
  ])('is refused when it %s', (_, observed, source, wanted, code, message) => {
    expect(problem(observed, source, wanted)).toEqual({ code, message: expect.stringMatching(message) });
  });
});

describe('what is looked at', () => {
  const versions = [{ id: 'v1', createdAt: NOW - 30 * DAY, labels: ['AWSPREVIOUS'] }, { id: 'v2', createdAt: NOW - DAY / 2, labels: ['AWSCURRENT'] }];
  const aws = (found: typeof BACKUP | undefined = BACKUP) => fakeAws({
    backups: {
      find: async () => found,
      of: async () => [{ ...BACKUP, backupId: 'older', createdAt: NOW - 3 * DAY }, BACKUP, { ...BACKUP, backupId: 'newer', state: 'CREATE_IN_PROGRESS', createdAt: NOW }],
    },
    cloudHsm: { describe: async () => undefined },
    secretVersions: { versions: async () => versions },
  }, new FakeParameters({ [`/cdk-cloudhsm/${CLUSTER_ID}/trust-anchor`]: 'KEPT', '/given': 'GIVEN' }));

  test('the newest READY backup, the kept anchor, and the password of its day', async () => {
    expect(await observeSource(aws(), { SourceClusterId: CLUSTER_ID, BackupAdminSecretArn: SECRET }, STACK_ID, NOW)).toMatchObject({
      backup: { backupId: BACKUP_ID }, trustAnchor: 'KEPT', adminSecretVersionIds: ['v1'],
    });
  });

  test('a given anchor rather than the kept one', async () => {
    expect(await observeSource(aws(), { ...SOURCE, TrustAnchorSource: '/given' }, STACK_ID, NOW)).toMatchObject({ trustAnchor: 'GIVEN' });
  });

  test('nothing of a backup in another Region', async () => {
    const none = fakeAws();

    await observeSource(none, { ...SOURCE, BackupId: arn('us-east-1', '111122223333') }, STACK_ID, NOW);

    expect(none.calls).toEqual([]);
  });

  test('of another account what it lists for us, with the current password where it lists nothing', async () => {
    const theirs = aws(null as unknown as undefined);

    const seen = await observeSource(theirs, { ...SOURCE, BackupId: arn('eu-west-1', '444455556666'), TrustAnchorSource: '/given' }, STACK_ID, NOW);

    expect(theirs.inputs('backups.find')).toEqual([[BACKUP_ID, true]]);
    expect(seen).toMatchObject({ named: { account: '444455556666' }, trustAnchor: 'GIVEN', adminSecretVersionIds: ['current'] });
  });
});

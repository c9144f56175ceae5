import { ADMIN, labAt, PASSWORD } from './lab';
import type { Lab } from './lab';

const ALICE = ['crypto-user', 'alice:Password1'] as const;

let lab: Lab;
let source: string;
let clone: string;

/** A cluster, its clone, and a user and a key that came to the first after they parted. */
beforeAll(async () => {
  ({ lab, clusterId: source } = await labAt('active'));
  await lab.until(() => lab.backups(source)[0]?.BackupState === 'READY');
  clone = lab.create({ SourceBackupId: lab.backups(source)[0].BackupId });
  await lab.reaches(clone, 'ACTIVE');
  await lab.hsmReaches(clone, lab.addHsm(clone), 'ACTIVE');
  lab.cli(source, ['user', 'create', '--username', 'alice', '--role', 'crypto-user', '--password', 'Password1'], { as: ADMIN });
  lab.cli(source, ['key', 'generate-symmetric', 'aes', '--label', 'kept', '--key-length-bytes', '16', '--attributes', 'extractable=false'], { as: ALICE });
});

afterAll(() => lab.stop());

function between(words: string[], as: readonly [string, string], to = clone, destination = as): { error_code: number; data: unknown } {
  const entry = (clusterId: string): object => ({
    type: 'hsm1',
    cluster: {
      hsm_ca_file: '/opt/cloudhsm/etc/customerCA.crt',
      cluster_id: clusterId,
      servers: lab.cluster(clusterId).Hsms.map(({ EniIp }) => ({ hostname: EniIp, port: 2223, enable: true })),
      options: { disable_key_availability_check: true },
    },
  });
  return lab.cli(source, [...words, '--source-cluster-id', source, '--destination-cluster-id', to], {
    as,
    env: { DESTINATION_CLOUDHSM_ROLE: destination[0], DESTINATION_CLOUDHSM_PIN: destination[1] },
    files: { '/opt/cloudhsm/etc/cloudhsm-cli.cfg': JSON.stringify({ clusters: [entry(source), ...(to === source ? [] : [entry(to)])] }) },
  });
}

const USER = ['user', 'replicate', '--username', 'alice', '--role', 'crypto-user'];
const KEY = ['key', 'replicate', '--filter', 'attr.label=kept'];

test('a key needs its owner on the other side', () => {
  expect(between(KEY, ADMIN)).toMatchObject({ error_code: 1, data: expect.stringMatching(/no user alice/) as string });
});

test('a user comes over with the password, and again without harm', () => {
  expect(between(USER, ADMIN)).toMatchObject({
    error_code: 0, data: { user: { 'username': 'alice', 'cluster-coverage': 'full' }, message: 'Successfully replicated user' },
  });
  expect(between(USER, ADMIN).error_code).toBe(0);
  expect(lab.users(clone).map(({ username }) => username)).toContain('alice');
});

test('a key comes over though it is not extractable, for its owner and nobody else', () => {
  expect(between(KEY, ALICE)).toMatchObject({ error_code: 0, data: { key: { attributes: { label: 'kept' } }, message: 'Successfully replicated key' } });
  const listed = (clusterId: string): unknown => lab.cli(clusterId, ['key', 'list', '--verbose'], { as: ALICE }).data;
  expect(listed(clone)).toEqual(listed(source));
});

test('another user of the name is in the way', () => {
  lab.cli(source, ['user', 'create', '--username', 'carol', '--role', 'crypto-user', '--password', 'Password1'], { as: ADMIN });
  lab.cli(clone, ['user', 'create', '--username', 'carol', '--role', 'crypto-user', '--password', 'Password2'], { as: ADMIN });

  expect(between(['user', 'replicate', '--username', 'carol', '--role', 'crypto-user'], ADMIN).error_code).toBe(1);
});

test('both sides want a login, and must be clones of each other', async () => {
  expect(between(USER, ADMIN, clone, ['admin', 'admin:wrong'])).toMatchObject({ error_code: 1, data: 'Login failed.' });
  expect(between(USER, ADMIN, source)).toMatchObject({ error_code: 1, data: expect.stringMatching(/common backup/) as string });
  const stranger = await lab.active();
  expect(between(USER, ADMIN, stranger, ['admin', `admin:${PASSWORD}`])).toMatchObject({ error_code: 1, data: expect.stringMatching(/common backup/) as string });
});

import { anchorUntil } from './_helpers/anchor';
import type { Cluster, Hsm } from '../../../src/handlers/aws/cloudhsm';
import { activeZones, backupAge, daysLeft, probeCluster } from '../../../src/handlers/probe/cluster';
import { probeKeyStore } from '../../../src/handlers/probe/key-store';
import { logLine } from '../../../src/handlers/probe/report';

const NOW = Date.UTC(2026, 0, 31);
const DAY = 86_400_000;
const hsm = (availabilityZone: string, state: string): Hsm => ({ hsmId: `hsm-${availabilityZone}${state}`, availabilityZone, state });
const cluster = (hsms: readonly Hsm[], createdAt: number | undefined = NOW - 5 * DAY): Cluster =>
  ({ clusterId: 'cluster-2222222222a', state: 'ACTIVE', subnets: {}, hsms, createdAt });
const two = [hsm('a', 'ACTIVE'), hsm('b', 'ACTIVE')];

test.each([
  ['two zones', two, 2],
  ['one zone with two HSMs', [hsm('a', 'ACTIVE'), { ...hsm('a', 'ACTIVE'), hsmId: 'hsm-other' }], 1],
  ['one that is made', [hsm('a', 'ACTIVE'), hsm('b', 'CREATE_IN_PROGRESS')], 1],
  ['one that fails', [hsm('a', 'ACTIVE'), hsm('b', 'DEGRADED')], 1],
  ['one that goes', [hsm('a', 'DELETE_IN_PROGRESS'), hsm('b', 'DELETED')], 0],
  ['none', [], 0],
])('of %s only zones with an ACTIVE HSM count', (_title, hsms, zones) => {
  expect(activeZones(cluster(hsms))).toBe(zones);
});

test('a cluster that is gone is ACTIVE nowhere', () => {
  expect(activeZones(undefined)).toBe(0);
});

test.each([
  ['the newest backup', two, NOW - 3_600_000, 3_600],
  ['the cluster, if it has no backup', two, undefined, 5 * 86_400],
  ['nothing, if there is no HSM in which anything could change', [], NOW - 100 * DAY, 0],
  ['a backup of a clock ahead of ours', two, NOW + 5_000, 0],
])('the backup age is counted from %s', (_title, hsms, newest, seconds) => {
  expect(backupAge(cluster(hsms), newest, NOW)).toBe(seconds);
});

test('days left of a trust anchor are whole days', () => {
  expect(daysLeft(anchorUntil(NOW + 10 * DAY + 1_000), NOW)).toBe(10);
  expect(daysLeft(anchorUntil(NOW + 1_000), NOW)).toBe(0);
  expect(daysLeft(anchorUntil(NOW - DAY), NOW)).toBe(0);
});

test.each([['that is gone', undefined], ['that is none', 'moved elsewhere'], ['that is cut off', '-----BEGIN CERTIFICATE-----\nMIIB']])('a trust anchor %s has no days left', (_title, pem) => {
  expect(daysLeft(pem, NOW)).toBe(0);
});

const CLUSTER_PROBE = { Probe: 'CLUSTER', ClusterId: 'cluster-2222222222a', TrustAnchorParameterName: '/anchor' } as const;

test('a cluster is looked at from three sides, each by itself', async () => {
  const report = await probeCluster({
    describeCluster: async () => ({ cluster: cluster(two), certificates: {} }),
    newestBackupAt: async () => Promise.reject(Object.assign(new Error('not you'), { name: 'CloudHsmAccessDeniedException' })),
    readParameter: async (name) => (name === '/anchor' ? anchorUntil(NOW + 20 * DAY) : undefined),
  }, CLUSTER_PROBE, NOW);

  expect(report).toEqual({
    dimension: 'ClusterId',
    id: 'cluster-2222222222a',
    metrics: [{ name: 'ActiveZones', unit: 'Count', value: 2 }, { name: 'TrustAnchorDaysLeft', unit: 'Count', value: 20 }],
    problems: [{ reading: 'backups', code: 'CloudHsmAccessDeniedException', message: 'not you' }],
  });
});

test('nothing is reported of a cluster that cannot be seen', async () => {
  const fails = async () => Promise.reject(new Error('down'));

  const { metrics, problems } = await probeCluster({ describeCluster: fails, newestBackupAt: async () => NOW, readParameter: fails }, CLUSTER_PROBE, NOW);

  expect([metrics, problems.map((problem) => problem.reading)]).toEqual([[], ['cluster', 'trust anchor']]);
});

const STORE_PROBE = { Probe: 'KEY_STORE', CustomKeyStoreId: 'cks-1', KeyArn: 'arn:aws:kms:us-east-1:1:key/k' } as const;

test('a key store that makes a data key works', async () => {
  const asked: string[] = [];

  const report = await probeKeyStore({ makeDataKey: async (arn) => { asked.push(arn); } }, STORE_PROBE);

  expect(asked).toEqual([STORE_PROBE.KeyArn]);
  expect(report).toEqual({ dimension: 'CustomKeyStoreId', id: 'cks-1', metrics: [{ name: 'DataKeyMade', unit: 'Count', value: 1 }], problems: [] });
});

test('a refusal is a 0, with KMS\'s words', async () => {
  const refused = Object.assign(new Error('key is unavailable.'), { name: 'KMSInvalidStateException' });

  const report = await probeKeyStore({ makeDataKey: async () => Promise.reject(refused) }, STORE_PROBE);

  expect([report.metrics[0].value, report.problems]).toEqual([0, [{ reading: 'data key', code: 'KMSInvalidStateException', message: 'key is unavailable.' }]]);
});

test('the log has one line in embedded metric format, with the problems in it', () => {
  const line = logLine({
    dimension: 'ClusterId', id: 'c', metrics: [{ name: 'ActiveZones', unit: 'Count', value: 2 }], problems: [{ reading: 'backups', code: 'X', message: 'y\nz' }],
  }, NOW);

  expect(line.split('\n')).toEqual([expect.any(String), '']);
  expect(JSON.parse(line)).toEqual({
    _aws: { Timestamp: NOW, CloudWatchMetrics: [{ Namespace: 'CdkCloudHSM', Dimensions: [['ClusterId']], Metrics: [{ Name: 'ActiveZones', Unit: 'Count' }] }] },
    ClusterId: 'c',
    ActiveZones: 2,
    problems: [{ reading: 'backups', code: 'X', message: 'y\nz' }],
  });
});

test('without a metric the line is none of that format', () => {
  expect(JSON.parse(logLine({ dimension: 'ClusterId', id: 'c', metrics: [], problems: [{ reading: 'cluster', code: 'X', message: 'y' }] }, NOW))).toEqual({
    ClusterId: 'c', problems: [{ reading: 'cluster', code: 'X', message: 'y' }],
  });
});

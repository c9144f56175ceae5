import type { Backup } from '../../../src/handlers/aws/backups';
import type { CopyAws } from '../../../src/handlers/backup-copy/aws';
import { copyBackups } from '../../../src/handlers/backup-copy/copy';

const NOW = Date.UTC(2026, 10, 23);
const CLUSTER = 'cluster-igklspoyj5v';
const ORDER = { ClusterId: CLUSTER, Regions: ['eu-central-1', 'eu-north-1'], RetentionDays: 90 };
const ANCHOR = `/cdk-cloudhsm/${CLUSTER}/trust-anchor`;
const NEWEST: Backup = { backupId: 'backup-new', state: 'READY', clusterId: CLUSTER, createdAt: NOW - 3_600_000 };
const COPY: Backup = { ...NEWEST, backupId: 'backup-copy', sourceBackupId: 'backup-new', sourceRegion: 'eu-west-1', tags: { 'cdk-cloudhsm:copy-of': CLUSTER } };

interface Fake {
  /** In the order they were made. */
  readonly calls: string[];
  readonly api: CopyAws;
}

/** Regions with what is there. */
function aws(there: Readonly<Record<string, readonly Backup[] | Error>>, parameters: Readonly<Record<string, string>> = {}): Fake {
  const calls: string[] = [];
  const api: CopyAws = {
    home: {
      describeCluster: async () => undefined,
      backups: { of: async () => [NEWEST] },
      parameters: { all: async () => new Map([[ANCHOR, 'PEM']]) },
      copy: async (backupId, region, tags) => {
        calls.push(`copy ${backupId} to ${region} ${JSON.stringify(tags)}`);
      },
    },
    in: (region) => ({
      backups: {
        all: async () => {
          const found = there[region];
          if (found instanceof Error) throw found;
          return found;
        },
      },
      parameters: {
        create: async (name, value) => {
          if (name in parameters) return false;
          calls.push(`${region}: ${name}=${value}`);
          return true;
        },
      },
      delete: async (backupId) => {
        calls.push(`${region}: delete ${backupId}`);
      },
    }),
  };
  return { calls, api };
}

test('copies to each Region what is not there, after the anchor', async () => {
  const { calls, api } = aws({ 'eu-central-1': [], 'eu-north-1': [COPY] }, {});

  const report = await copyBackups(api, ORDER, NOW);

  expect(calls.filter((call) => call.includes('eu-central-1'))).toEqual([`eu-central-1: ${ANCHOR}=PEM`, `copy backup-new to eu-central-1 {"cdk-cloudhsm:copy-of":"${CLUSTER}"}`]);
  expect(calls.filter((call) => call.startsWith('copy'))).toHaveLength(1);
  expect(report).toEqual({ dimension: 'ClusterId', id: CLUSTER, metrics: [{ name: 'BackupCopyAge', unit: 'Seconds', value: 3_600 }], problems: [] });
});

test('changes nothing where all is there', async () => {
  const { calls, api } = aws({ 'eu-central-1': [COPY], 'eu-north-1': [COPY] }, { [ANCHOR]: 'PEM' });

  await copyBackups(api, ORDER, NOW);

  expect(calls).toEqual([]);
});

test('deletes a copy of this cluster that is too old, and none of another', async () => {
  const old = { ...COPY, backupId: 'backup-old', sourceBackupId: 'gone', createdAt: NOW - 91 * 86_400_000 };
  const other = { ...old, backupId: 'backup-other', clusterId: 'cluster-aaaaaaaaaaa', tags: { 'cdk-cloudhsm:copy-of': 'cluster-aaaaaaaaaaa' } };
  const { calls, api } = aws({ 'eu-central-1': [COPY, old, other], 'eu-north-1': [COPY] }, { [ANCHOR]: 'PEM' });

  await copyBackups(api, ORDER, NOW);

  expect(calls).toEqual(['eu-central-1: delete backup-old']);
});

test('a Region that cannot be reached keeps the age from being reported, and the others are seen to', async () => {
  const { calls, api } = aws({ 'eu-central-1': Object.assign(new Error('not you'), { name: 'AccessDeniedException' }), 'eu-north-1': [] }, { [ANCHOR]: 'PEM' });

  const report = await copyBackups(api, ORDER, NOW);

  expect(calls).toHaveLength(1);
  expect(report.metrics).toEqual([]);
  expect(report.problems).toEqual([{ reading: 'eu-central-1', code: 'AccessDeniedException', message: 'not you' }]);
});

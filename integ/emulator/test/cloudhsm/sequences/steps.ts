import * as fc from 'fast-check';
import type { Stage } from './stage';
import { ADMIN, PASSWORD } from '../lab';
import type { BackupShape } from '../lab';

/** One thing that somebody does, or that happens. `which` and `other` choose among what there is by then. */
export interface Step {
  readonly what: keyof typeof STEPS;
  readonly which: number;
  readonly other: number;
}

const ZONES = ['us-east-1b', 'us-east-1c', 'us-east-1d', 'us-east-1a'];
const SUBNETS = [['subnet-0000000b', 'subnet-0000000c'], ['subnet-0000000d'], ['subnet-0000000a', 'subnet-0000000b']];
const USERS = ['alice', 'bob'];
const RETENTIONS = ['7', '8', '90', '379', '6'];
const MINUTE = 60_000;
const SPANS = [MINUTE, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 120 * MINUTE, 24 * 60 * MINUTE, 9 * 24 * 60 * MINUTE];

const pick = <T>(items: readonly T[], index: number): T => items[index % items.length];

/** A cluster that there is, else one that there is not. */
const cluster = (stage: Stage, index: number): string => (index === 99 ? 'cluster-aaaaaaaaaaa' : pick(stage.lab.clusters().map(({ ClusterId }) => ClusterId), index) ?? 'cluster-aaaaaaaaaaa');
const backup = (stage: Stage, index: number): string => (index === 99 ? 'backup-aaaaaaaaaaa' : pick(backupsOf(stage).map(({ BackupId }) => BackupId), index) ?? 'backup-aaaaaaaaaaa');
const backupsOf = (stage: Stage): BackupShape[] => stage.lab.hsm2<{ Backups: BackupShape[] }>('DescribeBackups').Backups;

/** What can be done, as if many did it at once and without asking what is so. */
const STEPS = {
  'create-cluster': (stage: Stage, { which, other }: Step) => stage.call('CreateCluster', {
    HsmType: pick(['hsm2m.medium', 'hsm1.medium'], other), SubnetIds: pick(SUBNETS, which),
  }),
  'restore-cluster': (stage: Stage, { which, other }: Step) => stage.call('CreateCluster', {
    HsmType: pick(['hsm2m.medium', 'hsm1.medium'], other), SubnetIds: pick(SUBNETS, other), SourceBackupId: backup(stage, which),
  }),
  'create-hsm': (stage: Stage, { which, other }: Step) => stage.call('CreateHsm', {
    ClusterId: cluster(stage, which), AvailabilityZone: pick(ZONES, other), ...(other % 7 === 6 ? { IpAddress: '10.0.0.77' } : {}),
  }),
  'delete-hsm': (stage: Stage, { which, other }: Step) => {
    const id = cluster(stage, which);
    const hsms = (stage.lab.cluster(id)?.Hsms ?? []).map(({ HsmId }) => HsmId);
    stage.call('DeleteHsm', { ClusterId: id, HsmId: pick([...hsms, 'hsm-aaaaaaaaaaa'], other) });
  },
  'delete-cluster': (stage: Stage, { which }: Step) => stage.call('DeleteCluster', { ClusterId: cluster(stage, which) }),
  'initialize': (stage: Stage, { which }: Step) => {
    const id = cluster(stage, which);
    const csr = stage.lab.cluster(id)?.Certificates.ClusterCsr;
    const SignedCert = csr ? stage.lab.authority.sign(csr) : stage.lab.authority.anchor;
    stage.call('InitializeCluster', { ClusterId: id, SignedCert, TrustAnchor: stage.lab.authority.anchor });
  },
  'activate': (stage: Stage, { which }: Step) => stage.client(cluster(stage, which), ['cluster', 'activate', '--password', PASSWORD]),
  'change-type': (stage: Stage, { which, other }: Step) => stage.call('ModifyCluster', {
    ClusterId: cluster(stage, which), HsmType: pick(['hsm2m.medium', 'hsm1.medium'], other),
  }),
  'change-retention': (stage: Stage, { which, other }: Step) => stage.call('ModifyCluster', {
    ClusterId: cluster(stage, which), BackupRetentionPolicy: { Type: 'DAYS', Value: pick(RETENTIONS, other) },
  }),
  'delete-backup': (stage: Stage, { which }: Step) => {
    const BackupId = backup(stage, which);
    if (stage.call('DeleteBackup', { BackupId })) stage.givenUp.add(BackupId);
  },
  'restore-backup': (stage: Stage, { which }: Step) => {
    const BackupId = backup(stage, which);
    if (stage.call('RestoreBackup', { BackupId })) stage.givenUp.delete(BackupId);
  },
  'keep-backup': (stage: Stage, { which, other }: Step) => stage.call('ModifyBackupAttributes', {
    BackupId: backup(stage, which), NeverExpires: other % 2 === 0,
  }),
  'copy-backup': (stage: Stage, { which }: Step) => stage.call('CopyBackupToRegion', { BackupId: backup(stage, which), DestinationRegion: 'eu-west-1' }),
  'tag': (stage: Stage, { which, other }: Step) => stage.call('TagResource', {
    ResourceId: other % 2 ? cluster(stage, which) : backup(stage, which), TagList: [{ Key: `k${other % 60}`, Value: 'v' }],
  }),
  'fail-hsm': (stage: Stage, { which }: Step) => {
    const active = stage.lab.clusters().flatMap(({ Hsms }) => Hsms).filter(({ State }) => State === 'ACTIVE');
    if (active.length > 0) stage.lab.call('cloudhsm-hsm', 'EmulatedReplaceHsm', { hsmId: pick(active, which).HsmId });
  },
  'create-user': (stage: Stage, { which, other }: Step) => stage.client(cluster(stage, which), [
    'user', 'create', '--username', pick(USERS, other), '--role', 'crypto-user', '--password', PASSWORD,
  ], ADMIN),
  'make-key': (stage: Stage, { which, other }: Step) => {
    const owner = pick(USERS, other);
    stage.client(cluster(stage, which), ['key', 'generate-symmetric', 'aes', '--label', `of-${owner}`, '--key-length-bytes', '32'], user(owner));
  },
  'look-at-keys': (stage: Stage, { which, other }: Step) => {
    const name = pick(USERS, other);
    stage.client(cluster(stage, which), ['key', 'list', '--max-items', '1000', '--verbose'], user(name), (data) => stage.noForeignKeys(name, data));
  },
  'try-keys': (stage: Stage, { which, other }: Step) => stage.noForeignUse(cluster(stage, which), pick(USERS, other)),
  'time': async (stage: Stage, { which }: Step) => stage.lab.advance(pick(SPANS, which)),
} satisfies Record<string, (stage: Stage, step: Step) => unknown>;

function user(name: string): readonly [string, string] {
  return ['crypto-user', `${name}:${PASSWORD}`];
}

export async function take(stage: Stage, step: Step): Promise<void> {
  await STEPS[step.what](stage, step);
}

/** What moves most of what there is. */
const LIVELY: ReadonlyArray<Step['what']> = ['create-hsm', 'create-hsm', 'delete-hsm', 'change-type', 'fail-hsm', 'make-key', 'activate', 'initialize', 'create-user'];

/** Time passes as often as everything else together is done: else little comes of anything. */
export const sequence: fc.Arbitrary<Step[]> = fc.array(fc.record({
  what: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...Object.keys(STEPS) as Array<Step['what']>) },
    { weight: 1, arbitrary: fc.constant('time' as const) },
    { weight: 2, arbitrary: fc.constantFrom(...LIVELY) },
  ),
  which: fc.nat(99),
  other: fc.nat(99),
}), { minLength: 5, maxLength: 40, size: 'max' });

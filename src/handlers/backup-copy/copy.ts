import type { CopyAws } from './aws';
import { planCopies } from './plan';
import { CARRIED_PARAMETERS, COPY_DIMENSION, COPY_METRICS, COPY_TAG } from '../../lifecycle/backup-copy-contract';
import type { BackupCopyOrder } from '../../lifecycle/backup-copy-contract';
import { clusterParameterName } from '../../lifecycle/resource-contract';
import type { Backup } from '../aws/backups';
import { reading } from '../probe/report';
import type { ProbeReport } from '../probe/report';

/** Every Region by itself: what cannot be done in one is said, its age is missing, and the others are seen to. */
export async function copyBackups(aws: CopyAws, { ClusterId, Regions, RetentionDays }: BackupCopyOrder, now: number): Promise<ProbeReport> {
  const [described, here, carried] = await Promise.all([
    aws.home.describeCluster(ClusterId),
    aws.home.backups.of(ClusterId),
    aws.home.parameters.all(CARRIED_PARAMETERS.map((name) => clusterParameterName(ClusterId, name))),
  ]);
  const hasHsms = (described?.cluster.hsms ?? []).length > 0;
  const ages = await Promise.all(Regions.map(async (region) => reading(region, async () => {
    const there = aws.in(region);
    const copies = (await there.backups.all()).filter(({ clusterId, sourceRegion }) => clusterId === ClusterId && sourceRegion !== undefined);
    const isOurs = ({ tags }: Backup) => tags?.[COPY_TAG] === ClusterId;
    const plan = planCopies({ hasHsms, here, there: copies }, isOurs, RetentionDays, now);
    // First: a copy without the anchor opens for nobody. Written once: a cluster's anchor never changes.
    for (const [name, value] of carried) await there.parameters.create(name, value);
    if (plan.copy !== undefined) await aws.home.copy(plan.copy, region, { [COPY_TAG]: ClusterId });
    for (const backupId of plan.remove) await there.delete(backupId);
    return plan.age;
  })));
  const known = ages.flatMap((age) => ('value' in age && age.value !== undefined ? [age.value] : []));
  return {
    dimension: COPY_DIMENSION,
    id: ClusterId,
    metrics: known.length === Regions.length ? [{ name: COPY_METRICS.age, unit: 'Seconds', value: Math.max(...known) }] : [],
    problems: ages.flatMap((age) => ('problem' in age ? [age.problem] : [])),
  };
}

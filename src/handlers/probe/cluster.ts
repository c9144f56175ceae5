import { X509Certificate } from 'node:crypto';
import type { ProbeAws } from './aws';
import { reading } from './report';
import type { ProbeMetric, ProbeReport } from './report';
import { PROBE_DIMENSIONS, PROBE_METRICS } from '../../lifecycle/probe-contract';
import type { ClusterProbe } from '../../lifecycle/probe-contract';
import type { Cluster } from '../aws/cloudhsm';

const DAY_MS = 86_400_000;

/** Three looks, each by itself: what one of them does not see is missing, and the others are there. */
export async function probeCluster(
  aws: Omit<ProbeAws, 'makeDataKey'>, { ClusterId, TrustAnchorParameterName }: ClusterProbe, now: number,
): Promise<ProbeReport> {
  const [described, newest, anchor] = await Promise.all([
    reading('cluster', async () => aws.describeCluster(ClusterId)),
    reading('backups', async () => aws.newestBackupAt(ClusterId)),
    reading('trust anchor', async () => aws.readParameter(TrustAnchorParameterName)),
  ]);
  const cluster = 'value' in described ? described.value?.cluster : undefined;
  const metrics: ProbeMetric[] = [];
  if ('value' in described) metrics.push({ name: PROBE_METRICS.activeZones, unit: 'Count', value: activeZones(cluster) });
  const age = cluster && 'value' in newest ? backupAge(cluster, newest.value, now) : undefined;
  if (age !== undefined) metrics.push({ name: PROBE_METRICS.backupAge, unit: 'Seconds', value: age });
  if ('value' in anchor) metrics.push({ name: PROBE_METRICS.trustAnchorDaysLeft, unit: 'Count', value: daysLeft(anchor.value, now) });
  return {
    dimension: PROBE_DIMENSIONS.cluster,
    id: ClusterId,
    metrics,
    problems: [described, newest, anchor].flatMap((read) => 'problem' in read ? [read.problem] : []),
  };
}

/** Zones in which there is an ACTIVE HSM: none of a cluster that is gone. */
export function activeZones(cluster: Cluster | undefined): number {
  const active = (cluster?.hsms ?? []).filter(({ state }) => state === 'ACTIVE');
  return new Set(active.map(({ availabilityZone }) => availabilityZone)).size;
}

/** Seconds for which changes may have been without a backup. Without an HSM nothing changes, and no backup is made. */
export function backupAge(cluster: Cluster, newest: number | undefined, now: number): number | undefined {
  if (cluster.hsms.length === 0) return 0;
  const since = newest ?? cluster.createdAt;
  return since === undefined ? undefined : Math.max(0, Math.round((now - since) / 1_000));
}

/** Whole days until the certificate ends; 0 for one that has ended, is gone or is none: no client can be set up with it. */
export function daysLeft(pem: string | undefined, now: number): number {
  if (!pem) return 0;
  try {
    return Math.max(0, Math.floor((Date.parse(new X509Certificate(pem).validTo) - now) / DAY_MS));
  } catch {
    return 0;
  }
}

import { createHash } from 'node:crypto';
import type { CallRecord, Calls } from '../access/call';
import type { Kernel, TimelineEntry } from '../kernel';
import { criticalPath, IAM } from './critical-path';
import type { Stretch } from './critical-path';
import { grantsOf } from './grants';
import { supportsIn, unreachableFrom } from './network';
import type { Decision } from './network';
import type { Report, ReportedCluster, ReportedEvent, ReportedKey, ReportedKeyStore, ReportedRefusal, ReportedStack } from './schema';
import type { Caller } from '../wire/operation';
import { ServiceError } from '../wire/operation';

/** What a report is made of. */
export interface Reported {
  readonly kernel: Kernel;
  readonly calls: Calls;
  readonly notBuilt: ReadonlySet<string>;
  /** Where the run began in the timeline and in time; a state folder may hold earlier runs. */
  readonly since: { readonly entry: number; readonly at: number };
}

/** Looks at everything by the same calls that a client makes. */
export function buildReport({ kernel, calls, notBuilt, since }: Reported): Report {
  const entries = kernel.timeline.entries().slice(since.entry);
  const timeline = entries.map((entry): ReportedEvent => ({ ...entry, at: entry.at / 1000 }));
  const all = places(kernel);
  const clusters = all.flatMap((place) => clustersAt(calls, place));
  // IAM has no regions: one place of each account will do.
  const grants = accountsOf(all).flatMap((place) => grantsOf(calls, (service, operation, input) => ask(calls, place, service, operation, input)));
  const price = kernel.tables.value<Readonly<Record<string, number>>>('prices', 'hsm2m-medium-hour');
  return {
    version: 1,
    deterministic: kernel.overlapping.length === 0,
    overlapping: [...kernel.overlapping],
    seed: kernel.seed,
    emulatedSeconds: (kernel.now - since.at) / 1000,
    stacks: all.flatMap((place) => stacksAt(calls, place)),
    clusters,
    keyStores: all.flatMap((place) => keyStoresAt(calls, place)),
    keys: all.flatMap((place) => keysAt(calls, place)),
    timeline,
    timelineHash: createHash('sha256').update(JSON.stringify(timeline)).digest('hex'),
    criticalPath: criticalPath(operationsWithClusters(entries, kernel.now), kernel.timeline.serviceTimes().filter(({ resource }) => resource.startsWith('cluster-') || resource === IAM)),
    unreachable: all.flatMap((place) => unreachableFrom(network(calls, place), place, since.at)),
    supports: all.flatMap((place) => supportsIn(network(calls, place), place)),
    denied: calls.records.filter(({ error, denied }) => denied !== undefined || (error !== undefined && /AccessDenied|UnauthorizedOperation/.test(error))).map(refusal),
    unusedGrants: grants.filter(({ allowed }) => allowed === 0).map(({ role, policy, statement, action }) => [role, policy, statement, action].join(' | ')),
    tightness: {
      granted: grants.length, used: grants.filter(({ allowed }) => allowed > 0).length, needed: grants.filter(({ needed }) => needed > 0).length,
    },
    notBuilt: [...notBuilt, ...calls.unknown].sort(),
    assumptions: kernel.tables.assumptions(),
    hourlyCost: round(clusters.reduce((sum, { region, hsms }) => sum + hsms.length * (price[region] ?? price['us-east-1']), 0)),
  };
}

function refusal({ at, service, operation, principal, error, denied }: CallRecord): ReportedRefusal {
  const refused = { at: at / 1000, service, operation, principal, error: error! };
  if (!denied) return refused;
  const { action, resource, text, tried, decision } = denied;
  return { ...refused, action, resource, text, tried, ...(decision.explicit ? {} : { add: { Effect: 'Allow', Action: action, Resource: resource } as const }) };
}

interface Place {
  readonly account: string;
  readonly region: string;
}

/** Every account and Region in which something is. */
function places(kernel: Kernel): Place[] {
  const found = new Map<string, Place>();
  for (const name of kernel.store.names()) {
    const [, account, region] = /@(\d{12})\/([a-z0-9-]+)$/.exec(name) ?? [];
    if (account) found.set(`${account}/${region}`, { account, region });
  }
  return [...found.values()];
}

function accountsOf(all: readonly Place[]): Place[] {
  return [...new Map(all.map((place) => [place.account, place])).values()];
}

/** Asks as nobody in particular; a service that does not know the question has nothing to say. */
function ask<T>(calls: Calls, { account, region }: Place, service: string, operation: string, input: object): T | undefined {
  const caller: Caller = {
    principal: { kind: 'service', account, arn: `arn:aws:iam::${account}:root`, service: 'report' }, position: { kind: 'service', service: 'report' },
  };
  try {
    return calls.look({ service, account, region }, operation, input, caller) as T;
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

function stacksAt(calls: Calls, place: Place): ReportedStack[] {
  const answer = ask<{ Stacks: Array<{ StackName: string; StackStatus: string; StackStatusReason?: string }> }>(calls, place, 'cloudformation', 'DescribeStacks', {});
  return (answer?.Stacks ?? []).map(({ StackName, StackStatus, StackStatusReason }) => ({
    name: StackName, status: StackStatus, region: place.region, statusReason: StackStatusReason,
  }));
}

interface DescribedCluster {
  readonly ClusterId: string;
  readonly State: string;
  readonly HsmType: string;
  readonly Mode: string;
  readonly Hsms?: ReadonlyArray<{
    readonly HsmId: string; readonly AvailabilityZone: string; readonly EniId?: string; readonly EniIp?: string; readonly State: string;
  }>;
}

function clustersAt(calls: Calls, place: Place): ReportedCluster[] {
  const found = pages<DescribedCluster>((token) =>
    ask<{ Clusters: DescribedCluster[]; NextToken?: string }>(calls, place, 'cloudhsmv2', 'DescribeClusters', { NextToken: token }), 'Clusters');
  return found.map((cluster) => ({
    clusterId: cluster.ClusterId,
    state: cluster.State,
    hsmType: cluster.HsmType,
    mode: cluster.Mode,
    region: place.region,
    hsms: (cluster.Hsms ?? []).map(({ HsmId, AvailabilityZone, EniId, EniIp, State }) => ({
      hsmId: HsmId, availabilityZone: AvailabilityZone, eniId: EniId, eniIp: EniIp, state: State,
    })),
    users: usersOf(calls, place, cluster.ClusterId),
    backups: backupsOf(calls, place, cluster.ClusterId),
  }));
}

function usersOf(calls: Calls, place: Place, clusterId: string): ReportedCluster['users'] {
  const answer = ask<{ users: Array<{ username: string; role: string; coverage: string }> }>(calls, place, 'cloudhsm-hsm', 'DescribeUsers', { clusterId });
  return (answer?.users ?? []).map(({ username, role, coverage }) => ({ username, role, coverage }));
}

function backupsOf(calls: Calls, place: Place, clusterId: string): ReportedCluster['backups'] {
  const found = pages<{ BackupId: string; BackupState: string }>((token) =>
    ask(calls, place, 'cloudhsmv2', 'DescribeBackups', { Filters: { clusterIds: [clusterId] }, NextToken: token }), 'Backups');
  return found.map(({ BackupId, BackupState }) => ({ backupId: BackupId, state: BackupState }));
}

/** Every way in the place's VPCs that was asked for. */
function network(calls: Calls, place: Place): readonly Decision[] {
  return ask<{ decisions: Decision[] }>(calls, place, 'ec2', 'EmulatedNetworkDecisions', {})?.decisions ?? [];
}

interface DescribedKeyStore {
  readonly CustomKeyStoreId: string;
  readonly CustomKeyStoreName: string;
  readonly CloudHsmClusterId?: string;
  readonly ConnectionState: string;
  readonly ConnectionErrorCode?: string;
}

function keyStoresAt(calls: Calls, place: Place): ReportedKeyStore[] {
  const found = pages<DescribedKeyStore>((Marker) => ask(calls, place, 'kms', 'DescribeCustomKeyStores', { Marker }), 'CustomKeyStores', 'NextMarker');
  return found.map(({ CustomKeyStoreId, CustomKeyStoreName, CloudHsmClusterId, ConnectionState, ConnectionErrorCode }) => ({
    keyStoreId: CustomKeyStoreId,
    name: CustomKeyStoreName,
    clusterId: CloudHsmClusterId,
    connectionState: ConnectionState,
    connectionErrorCode: ConnectionErrorCode,
  }));
}

function keysAt(calls: Calls, place: Place): ReportedKey[] {
  const found = pages<{ KeyId: string }>((Marker) => ask(calls, place, 'kms', 'ListKeys', { Marker }), 'Keys', 'NextMarker');
  return found.flatMap(({ KeyId }) => {
    const described = ask<{ KeyMetadata: { KeyState: string; Origin: string; CustomKeyStoreId?: string } }>(calls, place, 'kms', 'DescribeKey', { KeyId });
    if (!described) return [];
    const { KeyState, Origin, CustomKeyStoreId } = described.KeyMetadata;
    return [{ keyId: KeyId, state: KeyState, origin: Origin, keyStoreId: CustomKeyStoreId }];
  });
}

function pages<T>(nextPage: (token: string | undefined) => object | undefined, member: string, next: string = 'NextToken'): T[] {
  const found: T[] = [];
  let token: string | undefined;
  do {
    const page = nextPage(token) as Record<string, unknown> | undefined;
    found.push(...(page?.[member] as T[] | undefined ?? []));
    token = page?.[next] as string | undefined;
  } while (token);
  return found;
}

/** Stack operations in which a cluster was waited for: from their start to their end. */
function operationsWithClusters(entries: readonly TimelineEntry[], now: number): Stretch[] {
  const open = new Map<string, { from: number; clusters: boolean }>();
  const done: Stretch[] = [];
  for (const { at, service, event, resource } of entries) {
    if (service === 'cloudformation' && !resource.includes('/')) {
      const running = open.get(resource);
      if (event.endsWith('_IN_PROGRESS') && !running) open.set(resource, { from: at, clusters: false });
      if (!event.endsWith('_IN_PROGRESS') && running) {
        if (running.clusters) done.push({ from: running.from, to: at });
        open.delete(resource);
      }
    } else if (service === 'cloudhsmv2') {
      open.forEach((operation) => {
        operation.clusters = true;
      });
    }
  }
  open.forEach(({ from, clusters }) => clusters && done.push({ from, to: now }));
  return done;
}

function round(dollars: number): number {
  return Math.round(dollars * 100) / 100;
}

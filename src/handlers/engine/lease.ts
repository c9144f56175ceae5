import type { Execution } from './execution';
import type { Lease } from './memory';
import { resourceKey } from './request';
import { clusterParameterName, PARAMETER_NAMES } from '../../lifecycle/resource-contract';
import type { ParameterApi } from '../aws/parameters';

/**
 * One writer per cluster, over stacks and accounts of time: whoever creates the next generation of
 * `/cdk-cloudhsm/<cluster>/lease/<generation>` holds the lease until it expires or is given back.
 *
 * Parameter Store's conditional create decides between two that try at once. A holder that died is waited for until
 * its lease has expired; a newer request of the same resource takes over at once, because it has stopped the older one. Should that one
 * still run, for the list of executions lags, it never gets the lease again.
 */
interface Holder {
  /** Resource and request of the holder. */
  readonly resource: string;
  readonly request: string;
  /** When that request arrived, in epoch milliseconds: a newer one of the same resource goes before. */
  readonly since: number;
  /** Epoch milliseconds; 0 when given back. */
  readonly until: number;
}

/** How long a lease lasts unless it is renewed. */
export const LEASE_MS = 5 * 60_000;

/**
 * A holder does not act on a lease that has less than this left: so long may a step last, and so far may the clocks of two executions be apart, each of
 * which begins with the step that started it.
 */
const SAFE_MS = 2 * 60_000;

/** Renewed when less than this is left. */
const RENEW_BELOW_MS = 4 * 60_000;

export interface Claimant {
  readonly clusterId: string;
  readonly resource: string;
  readonly request: string;
  readonly since: number;
}

/** Whether a holder that only waits need not look at its lease yet: before it acts it always does. */
export function isFarFromItsEnd({ until }: Lease, now: number): boolean {
  return until - now >= RENEW_BELOW_MS;
}

export function claimantOf(clusterId: string, { request, startedAt }: Execution): Claimant {
  return { clusterId, resource: resourceKey(request), request: request.requestId, since: startedAt };
}

/** Takes or renews the lease. `undefined`: somebody else holds it, or a newer request of the same resource has held it. */
export async function claimLease(parameters: ParameterApi, claimant: Claimant, now: number): Promise<Lease | undefined> {
  const { generation, holder } = await newest(parameters, claimant.clusterId);
  const mine: Holder = { resource: claimant.resource, request: claimant.request, since: claimant.since, until: now + LEASE_MS };
  const name = (of: number) => leaseName(claimant.clusterId, of);
  const isOurs = holder?.resource === claimant.resource;
  // Nearer to its end than a step may last, it is not renewed but taken anew: another may find it expired while the renewal is on its way.
  if (isOurs && holder.request === claimant.request && holder.until - now > SAFE_MS) {
    if (holder.until - now >= RENEW_BELOW_MS) return { generation, until: holder.until };
    await parameters.overwrite(name(generation), JSON.stringify(mine));
    return { generation, until: mine.until };
  }
  if (isOurs ? holder.since > claimant.since : holder && holder.until > now) return undefined;
  return await parameters.create(name(generation + 1), JSON.stringify(mine)) ? { generation: generation + 1, until: mine.until } : undefined;
}

/** Right before an act: whether the lease is still the newest, ours and good for a while. */
export async function holdsLease(parameters: ParameterApi, claimant: Claimant, now: number): Promise<boolean> {
  const { holder } = await newest(parameters, claimant.clusterId);
  return holder?.request === claimant.request && holder.resource === claimant.resource && holder.until - now > SAFE_MS;
}

/** Gives the lease back and forgets the generations before it. The newest stays, so that numbers never repeat. */
export async function releaseLease(parameters: ParameterApi, claimant: Claimant): Promise<void> {
  const held = await leases(parameters, claimant.clusterId);
  const { generation, holder } = last(held);
  if (holder?.request !== claimant.request || holder.resource !== claimant.resource) return;
  await parameters.overwrite(leaseName(claimant.clusterId, generation), JSON.stringify({ ...holder, until: 0 }));
  const older = [...held.keys()].filter((other) => other < generation).map((other) => leaseName(claimant.clusterId, other));
  if (older.length > 0) await parameters.delete(older);
}

function leaseName(clusterId: string, generation: number): string {
  return `${clusterParameterName(clusterId, PARAMETER_NAMES.lease)}/${generation}`;
}

async function newest(parameters: ParameterApi, clusterId: string): Promise<{ generation: number; holder?: Holder }> {
  return last(await leases(parameters, clusterId));
}

async function leases(parameters: ParameterApi, clusterId: string): Promise<Map<number, Holder>> {
  const found = await parameters.under(clusterParameterName(clusterId, PARAMETER_NAMES.lease));
  return new Map([...found].map(([name, value]) => [Number(name.slice(name.lastIndexOf('/') + 1)), JSON.parse(value) as Holder]));
}

function last(held: ReadonlyMap<number, Holder>): { generation: number; holder?: Holder } {
  const generation = Math.max(0, ...held.keys());
  return { generation, holder: held.get(generation) };
}

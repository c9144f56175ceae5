import { bars } from './gantt';
import type { Bar } from './gantt';
import type { Fault } from '../kernel';
import { buildReport } from './report';
import type { Reported } from './report';
import type { Report } from './schema';
import { ServiceError } from '../wire/operation';

/** What it shows as the report has it. */
type Shown = 'seed' | 'deterministic' | 'emulatedSeconds' | 'clusters' | 'keyStores' | 'keys' | 'criticalPath'
| 'denied' | 'unreachable' | 'notBuilt' | 'hourlyCost';

/** What the page shows. */
export interface View extends Pick<Report, Shown> {
  readonly stacks: ReadonlyArray<Report['stacks'][number] & { readonly resources: readonly ViewedResource[] }>;
  readonly bars: readonly Bar[];
  readonly faults: ReadonlyArray<Omit<Fault, 'id' | 'params'>>;
}

export interface ViewedResource {
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
}

interface DescribedResource {
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType: string;
  readonly ResourceStatus: string;
  readonly ResourceStatusReason?: string;
}

/** How many refused calls a page shows: the last ones. */
const SHOWN_REFUSALS = 100;

export function viewOf(reported: Reported, account: string): View {
  const { kernel, since } = reported;
  const report = buildReport(reported);
  const { seed, deterministic, emulatedSeconds, clusters, keyStores, keys, criticalPath, denied, unreachable, notBuilt, hourlyCost } = report;
  return {
    seed, deterministic, emulatedSeconds, clusters, keyStores, keys, criticalPath, notBuilt, hourlyCost,
    stacks: report.stacks.map((stack) => ({ ...stack, resources: resourcesOf(reported, account, stack) })),
    bars: bars(kernel.timeline.entries().slice(since.entry), kernel.now),
    denied: denied.slice(-SHOWN_REFUSALS),
    unreachable: unreachable.slice(-SHOWN_REFUSALS),
    faults: kernel.faults.all().map(({ id: _id, params: _params, ...fault }) => fault),
  };
}

function resourcesOf({ calls }: Reported, account: string, { name, region }: { readonly name: string; readonly region: string }): ViewedResource[] {
  try {
    const { StackResources = [] } = calls.look({ service: 'cloudformation', account, region }, 'DescribeStackResources', { StackName: name }, {
      principal: { kind: 'service', account, arn: `arn:aws:iam::${account}:root`, service: 'report' }, position: { kind: 'service', service: 'report' },
    }) as { StackResources?: DescribedResource[] };
    return StackResources.map((resource) => ({
      logicalId: resource.LogicalResourceId, physicalId: resource.PhysicalResourceId, type: resource.ResourceType, status: resource.ResourceStatus,
      reason: resource.ResourceStatusReason,
    }));
  } catch (error) {
    if (error instanceof ServiceError) return [];
    throw error;
  }
}

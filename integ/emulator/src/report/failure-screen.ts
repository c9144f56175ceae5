import type { Calls } from '../access/call';
import type { Kernel } from '../kernel';
import { whoIn } from './network';
import type { Reported } from './report';
import { buildReport } from './report';
import { ServiceError } from '../wire/operation';

/** How many lines of the decisive log are shown. */
const LOG_LINES = 12;
const UNREACHABLE_LINES = 3;

interface StackEvent {
  readonly LogicalResourceId: string;
  readonly ResourceStatus: string;
  readonly ResourceStatusReason?: string;
  readonly ResourceType: string;
}

/** When a run fails, one screen that decides the case: the resource, why, what was refused. */
export function failureScreen(reported: Reported): string {
  const report = buildReport(reported);
  const lines: string[] = [];
  for (const stack of report.stacks.filter(({ status }) => /FAILED|ROLLBACK/.test(status))) {
    lines.push(`stack ${stack.name}: ${stack.status}`);
    const first = firstFailure(reported, stack.name, stack.region);
    if (first) lines.push(`  ${first.LogicalResourceId} (${first.ResourceType}): ${first.ResourceStatusReason ?? first.ResourceStatus}`);
  }
  const refused = reported.calls.records.filter(({ error, service }) => error !== undefined && !QUIET.test(error) && service !== 'cloudformation').slice(-LOG_LINES);
  if (refused.length > 0) lines.push('calls that were refused last:');
  for (const { at, service, operation, principal, error } of refused) {
    lines.push(`  ${(at / 1000).toFixed(1).padStart(8)} s  ${service} ${operation}  ${error!}  by ${principal.split('/').slice(1).join('/') || principal}`);
  }
  for (const { service, operation, principal, text, add, tried = [] } of report.denied.slice(0, 3)) {
    lines.push(`denied: ${text ?? `${service}:${operation} to ${principal}`}`);
    if (add) lines.push(`  a statement that would allow it: ${JSON.stringify(add)}`);
    lines.push(...tried.map((statement) => `  tried ${statement}`));
  }
  for (const unreachable of report.unreachable.slice(-UNREACHABLE_LINES)) {
    const { at, to, subnetId, securityGroupIds, missing, remedy } = unreachable;
    lines.push(`out of reach: ${to} from ${whoIn(unreachable)} in ${subnetId} with ${securityGroupIds.join(', ')}, at ${at.toFixed(1)} s`);
    lines.push(`  ${missing}${remedy === undefined ? '' : `; ${remedy}`}`);
  }
  if (lines.length === 0) lines.push('no stack failed, and no call was refused or lost: what the command itself says above is all there is');
  const about = `seed ${report.seed}, ${report.emulatedSeconds.toFixed(0)} s of emulated time`;
  return ['', '── cloudhsm-emulator: what went wrong '.padEnd(100, '─'), ...lines, about, ''.padEnd(100, '─'), ''].join('\n');
}

/** Looked for and not there: no reason for anything. */
const QUIET = /NotFound|NotExist|NoSuch|AlreadyExists|DoesNotExist/;

function firstFailure({ kernel, calls }: { kernel: Kernel; calls: Calls }, stack: string, region: string): StackEvent | undefined {
  const account = placeOf(kernel);
  try {
    const { StackEvents } = calls.look({ service: 'cloudformation', account, region }, 'DescribeStackEvents', { StackName: stack }, {
      principal: { kind: 'service', account, arn: `arn:aws:iam::${account}:root`, service: 'report' }, position: { kind: 'service', service: 'report' },
    }) as { StackEvents: StackEvent[] };
    return [...StackEvents].reverse().find(({ ResourceStatus, ResourceStatusReason }) => ResourceStatus.endsWith('_FAILED')
      && !/cancelled/i.test(ResourceStatusReason ?? ''));
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

function placeOf(kernel: Kernel): string {
  const named = kernel.store.names().map((name) => /^cloudformation\/stacks@(\d{12})/.exec(name)?.[1]).find((found) => found !== undefined);
  return named ?? '123456789012';
}

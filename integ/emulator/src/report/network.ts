import type { ReportedSupport, ReportedUnreachable } from './schema';

/** What EC2 says of a way that somebody asked for. */
export interface Decision {
  /** Emulated milliseconds. */
  readonly at: number;
  readonly from: {
    readonly vpcId: string; readonly subnetId: string; readonly securityGroupIds: readonly string[];
    readonly instanceId?: string; readonly functionArn?: string;
  };
  readonly principal: string;
  readonly to: string;
  readonly allowed: boolean;
  readonly hops: readonly string[];
  readonly needed: readonly string[];
  readonly missing?: string;
  readonly remedy?: string;
}

/** Connections that did not come about since the run began. */
export function unreachableFrom(decisions: readonly Decision[], { region }: { readonly region: string }, since: number): ReportedUnreachable[] {
  return decisions.filter(({ allowed, at }) => !allowed && at >= since).map(({ at, from, principal, to, hops, missing = '', remedy }) => ({
    at: at / 1000,
    service: serviceOf(to),
    operation: 'connect',
    principal,
    error: 'Unreachable',
    region,
    to,
    vpcId: from.vpcId,
    subnetId: from.subnetId,
    securityGroupIds: from.securityGroupIds,
    instanceId: from.instanceId,
    functionArn: from.functionArn,
    hops,
    missing,
    remedy,
  }));
}

/** What could not have been taken away, and why. */
export function supportsIn(decisions: readonly Decision[], { region }: { readonly region: string }): ReportedSupport[] {
  const supports = new Map<string, ReportedSupport['ways'][number][]>();
  for (const { needed, principal, from, to } of decisions) {
    for (const support of needed) supports.set(support, [...supports.get(support) ?? [], { principal, subnetId: from.subnetId, to }]);
  }
  return [...supports].map(([support, ways]) => ({ support, region, ways }));
}

/** The name in front of the Region, or the address. */
function serviceOf(to: string): string {
  const host = to.replace(/:\d+$/, '');
  if (!/[a-z]/.test(host)) return host;
  return /(?:^|\.)s3[.-]/.test(host) ? 's3' : host.split('.')[0];
}

/** Who it was, in a few words. */
export function whoIn({ instanceId, functionArn, principal }: ReportedUnreachable): string {
  return instanceId ?? functionArn?.split(':').at(-1) ?? principal.split('/').slice(1).join('/');
}

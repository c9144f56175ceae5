import { zonesOf } from './zones';
import type { Zone } from './zones';
import type { Context } from '../../wire/operation';

interface ServiceRow {
  readonly types: ReadonlyArray<'Gateway' | 'Interface'>;
  /** Where it is not `<service>.<region>.amazonaws.com`; `{region}` stands for the region, `*` for labels. */
  readonly dns?: string;
  /** Further names that a private one covers. */
  readonly privateNames?: readonly string[];
  /** Further names of the service, which an endpoint's private name does not cover: they lead to the same public addresses. */
  readonly publicNames?: readonly string[];
  /** Those that lead to one Region. */
  readonly publicNamesIn?: Readonly<Record<string, readonly string[]>>;
  /** Where it is not `com.amazonaws.<region>.<service>`. */
  readonly name?: string;
  /** The only Regions that have it. */
  readonly regions?: readonly string[];
}

export interface EndpointService {
  /** `com.amazonaws.us-east-1.ssm`. */
  readonly name: string;
  /** `ssm`. */
  readonly short: string;
  readonly types: ReadonlyArray<'Gateway' | 'Interface'>;
  readonly privateDnsName: string;
  readonly privateNames: readonly string[];
  readonly publicNames: readonly string[];
  readonly zones: readonly Zone[];
}

/** The services of AWS that have endpoints in this region. */
export function endpointServices(context: Context): EndpointService[] {
  const rows = context.row<Readonly<Record<string, ServiceRow>>>('ec2/endpoint-services');
  const missing = context.row<Readonly<Record<string, string>>>('ec2/endpoint-service-missing-zones');
  const placed = (name: string): string => name.replace('{region}', context.region) + (context.region.startsWith('cn-') ? '.cn' : '');
  const here = Object.entries(rows).filter(([, { regions }]) => regions === undefined || regions.includes(context.region));
  return here.map(([short, { types, dns, name, privateNames = [], publicNames = [], publicNamesIn = {} }]) => ({
    name: name ?? `com.amazonaws.${context.region}.${short}`,
    short,
    types,
    privateDnsName: placed(dns ?? `${short}.{region}.amazonaws.com`),
    privateNames: privateNames.map(placed),
    publicNames: [...publicNames, ...publicNamesIn[context.region] ?? []].map(placed),
    zones: zonesOf(context).filter((zone) => !zonesWithout(context, missing[short]).includes(zone.name)),
  }));
}

/** Zones that do not have a service, from the row of the service itself: so the list and the service agree. */
function zonesWithout(context: Context, row: string | undefined): readonly string[] {
  return row === undefined ? [] : context.row<Readonly<Record<string, readonly string[]>>>(row)[context.region] ?? [];
}

export function endpointService(context: Context, name: string): EndpointService | undefined {
  return endpointServices(context).find((service) => service.name === name);
}

/** Whether an interface endpoint's private name stands for this host. */
export function isNamedBy({ privateDnsName, privateNames }: EndpointService, host: string): boolean {
  return [privateDnsName, ...privateNames].some((pattern) => fits(pattern, host));
}

/** The service that a host belongs to, by whichever name. */
export function serviceOfHost(context: Context, host: string): EndpointService | undefined {
  return endpointServices(context).find((service) => isNamedBy(service, host) || service.publicNames.some((pattern) => fits(pattern, host)));
}

function fits(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

/** The usual name of a service here. */
export function hostOf(context: Context, short: string): string {
  const service = endpointServices(context).find((each) => each.short === short);
  return service?.privateDnsName.replace(/^\*\./, '') ?? `${short}.${context.region}.amazonaws.com`;
}

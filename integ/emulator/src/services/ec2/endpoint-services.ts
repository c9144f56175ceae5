import { zonesOf } from './zones';
import type { Zone } from './zones';
import type { Context } from '../../wire/operation';

interface ServiceRow {
  readonly types: ReadonlyArray<'Gateway' | 'Interface'>;
  /** Where it is not `<service>.<region>.amazonaws.com`; `{region}` stands for the region. */
  readonly dns?: string;
}

export interface EndpointService {
  /** `com.amazonaws.us-east-1.ssm`. */
  readonly name: string;
  /** `ssm`. */
  readonly short: string;
  readonly types: ReadonlyArray<'Gateway' | 'Interface'>;
  readonly privateDnsName: string;
  readonly zones: readonly Zone[];
}

/** The services of AWS that have endpoints in this region. */
export function endpointServices(context: Context): EndpointService[] {
  const rows = context.row<Readonly<Record<string, ServiceRow>>>('ec2/endpoint-services');
  const missing = context.row<Readonly<Record<string, string>>>('ec2/endpoint-service-missing-zones');
  return Object.entries(rows).map(([short, { types, dns }]) => ({
    name: `com.amazonaws.${context.region}.${short}`,
    short,
    types,
    privateDnsName: (dns ?? `${short}.{region}.amazonaws.com`).replace('{region}', context.region),
    zones: zonesOf(context).filter(({ name }) => !zonesWithout(context, missing[short]).includes(name)),
  }));
}

/** Zones that do not have a service, from the row of the service itself: so the list and the service agree. */
function zonesWithout(context: Context, row: string | undefined): readonly string[] {
  return row === undefined ? [] : context.row<Readonly<Record<string, readonly string[]>>>(row)[context.region] ?? [];
}

export function endpointService(context: Context, name: string): EndpointService | undefined {
  return endpointServices(context).find((service) => service.name === name);
}

import type { Context, Output } from '../../../wire/operation';
import { endpointService, endpointServices } from '../endpoint-services';
import type { EndpointService } from '../endpoint-services';
import { list } from '../listing';
import type { ListInput } from '../listing';
import { refuse } from '../refusals';

/** A service that has both kinds of endpoints is listed once for each. */
interface Offer {
  readonly service: EndpointService;
  readonly type: 'Gateway' | 'Interface';
}

export function describeVpcEndpointServices(context: Context, input: ListInput & { ServiceNames?: string[] }): Output {
  const names = input.ServiceNames ?? [];
  const unknown = names.find((name) => !endpointService(context, name));
  if (unknown !== undefined) throw refuse(context, 'endpoint-service', unknown);
  const services = endpointServices(context).filter(({ name }) => names.length === 0 || names.includes(name));
  const offers = services.flatMap((service) => service.types.map((type): Offer => ({ service, type })));
  const { page, NextToken } = list(context, input, {
    records: offers,
    idOf: ({ service, type }) => `${service.name} ${type}`,
    missing: 'endpoint-service',
    filters: {
      'service-name': ({ service }) => service.name,
      'service-type': ({ type }) => type,
      'owner': () => 'amazon',
    },
  });
  return {
    ServiceNames: [...new Set(page.map(({ service }) => service.name))],
    ServiceDetails: page.map((offer) => view(context, offer)),
    NextToken,
  };
}

function view(context: Context, { service, type }: Offer): Output {
  const withDns = type === 'Interface';
  return {
    ServiceName: service.name,
    ServiceId: `vpce-svc-${context.kernel.ids.named('vpce-svc', service.name, type).toString('hex').slice(0, 17)}`,
    ServiceType: [{ ServiceType: type }],
    ServiceRegion: context.region,
    AvailabilityZones: service.zones.map(({ name }) => name),
    AvailabilityZoneIds: service.zones.map(({ id }) => id),
    Owner: 'amazon',
    BaseEndpointDnsNames: withDns ? [`${service.short}.${context.region}.vpce.amazonaws.com`] : [service.privateDnsName],
    PrivateDnsName: withDns ? service.privateDnsName : undefined,
    PrivateDnsNames: withDns ? [{ PrivateDnsName: service.privateDnsName }] : [],
    PrivateDnsNameVerificationState: withDns ? 'verified' : undefined,
    VpcEndpointPolicySupported: true,
    AcceptanceRequired: false,
    ManagesVpcEndpoints: false,
    SupportedIpAddressTypes: ['ipv4'],
    Tags: [],
  };
}

import { ServiceError } from '../../wire/operation';
import type { Context, Output, Service } from '../../wire/operation';

/** Quotas that an operation of the emulator enforces: where its value stands. */
const QUOTAS = [
  { service: 'cloudhsm', code: 'L-4B16B391', name: 'Clusters', row: 'cloudhsmv2/quota-clusters', adjustable: true },
  { service: 'cloudhsm', code: 'L-95BA35D1', name: 'HSMs', row: 'cloudhsmv2/quota-hsms', adjustable: true },
] as const;

interface QuotaInput {
  readonly ServiceCode: string;
  readonly QuotaCode: string;
}

function describe(context: Context, quota: (typeof QUOTAS)[number]): Output {
  return {
    ServiceCode: quota.service,
    ServiceName: 'AWS CloudHSM',
    QuotaCode: quota.code,
    QuotaName: quota.name,
    QuotaArn: context.arn('servicequotas', `${quota.service}/${quota.code}`),
    Value: context.row<number>(quota.row),
    Unit: 'None',
    Adjustable: quota.adjustable,
    GlobalQuota: false,
  };
}

function getServiceQuota(context: Context, { ServiceCode, QuotaCode }: QuotaInput): Output {
  const quota = QUOTAS.find(({ service, code }) => service === ServiceCode && code === QuotaCode);
  if (!quota) throw new ServiceError('NoSuchResourceException', 'The request failed because the specified quota does not exist.', { status: 400 });
  return { Quota: describe(context, quota) };
}

function listServiceQuotas(context: Context, { ServiceCode }: { readonly ServiceCode: string }): Output {
  return { Quotas: QUOTAS.filter(({ service }) => service === ServiceCode).map((quota) => describe(context, quota)) };
}

/** Quotas, read from the tables of the services that enforce them. */
export const servicequotas: Service = {
  name: 'servicequotas',
  operations: { GetServiceQuota: getServiceQuota, GetAWSDefaultServiceQuota: getServiceQuota, ListServiceQuotas: listServiceQuotas },
};

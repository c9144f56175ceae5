import { hasModel } from '../../../wire/model';

/** `DescribeDBInstances` as the CLI writes it: `describe-db-instances`. */
export function dashed(name: string): string {
  const plural = /[A-Z]{2,}s$/.exec(name)?.[0];
  const split = plural === undefined ? name : `${name.slice(0, -plural.length)}-${plural.toLowerCase()}`;
  return split.replace(/([^-])([A-Z][a-z]+)/g, '$1-$2').replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}

/** The CLI's names of services where ours differ. */
const SERVICES: Readonly<Record<string, string>> = { 's3api': 's3', 'service-quotas': 'servicequotas', 'cloudhsm-client': '' };

export function serviceOf(command: string): string | undefined {
  const service = SERVICES[command] ?? command;
  return service !== '' && hasModel(service) ? service : undefined;
}

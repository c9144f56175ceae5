import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { date, text } from '../text';
import { parameterArn, parseReference } from './names';
import { publicParameter } from './public';
import { decrypt } from './secret';
import { historyOf, latestOf, parameters, versionOf } from './state';
import type { ParameterVersion } from './state';

export interface Found {
  readonly record: ParameterVersion;
  readonly selector?: string;
}

/** The version that a reference means. @throws ServiceError */
export function findParameter(context: Context, reference: string): Found {
  const table = parameters(context);
  const { name, selector } = parseReference(reference, (candidate) => table.has(candidate));
  const latest = latestOf(context, name) ?? (name.startsWith('/aws/service/') ? publicParameter(context, name) : undefined);
  if (!latest) throw new ServiceError('ParameterNotFound', text(context, 'text-not-found', { name }));
  if (selector === undefined) return { record: latest };
  const record = /^\d+$/.test(selector)
    ? versionOf(context, name, Number(selector))
    : historyOf(context, name).find(({ labels }) => labels.includes(selector));
  if (!record) throw new ServiceError('ParameterVersionNotFound', text(context, 'text-version-not-found', { name, version: selector }));
  return { record, selector: `:${selector}` };
}

/** The modelled `Parameter`. */
export function describeValue(context: Context, { record, selector }: Found, withDecryption: boolean): Record<string, unknown> {
  const secret = record.type === 'SecureString';
  return {
    Name: record.name,
    Type: record.type,
    Value: secret && withDecryption ? decrypt(context, record.name, record.value) : record.value,
    Version: record.version,
    Selector: selector,
    LastModifiedDate: date(context, record.modifiedAt),
    ARN: record.name.startsWith('/aws/service/')
      ? `arn:${context.partition}:ssm:${context.region}::parameter${record.name}`
      : parameterArn(context, record.name),
    DataType: record.dataType,
  };
}

import type { Context } from '../../../wire/operation';
import { date } from '../text';
import { parameterArn } from './names';
import type { ParameterVersion } from './state';

/** The modelled `ParameterMetadata`. */
export function describeMetadata(context: Context, record: ParameterVersion): Record<string, unknown> {
  return {
    Name: record.name,
    ARN: parameterArn(context, record.name),
    Type: record.type,
    KeyId: record.keyId,
    LastModifiedDate: date(context, record.modifiedAt),
    LastModifiedUser: record.modifiedBy,
    Description: record.description,
    AllowedPattern: record.allowedPattern,
    Version: record.version,
    Tier: record.tier,
    Policies: record.policies ? [{ PolicyText: record.policies, PolicyStatus: 'Pending' }] : [],
    DataType: record.dataType,
  };
}

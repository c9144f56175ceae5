import { groupArn } from './find';
import { refusal } from './text';
import { ServiceError, type Context } from '../../wire/operation';

/** The service itself must be able to encrypt with the key, for this group: what asks for it needs no permission of the key. */
export function mustEncrypt(context: Context, groupName: string, kmsKeyId: string): void {
  const { partition, region, account } = context;
  const service = `logs.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
  const arn = groupArn(context, groupName);
  try {
    context.call('kms', 'GenerateDataKey', { KeyId: kmsKeyId, KeySpec: 'AES_256', EncryptionContext: { 'aws:logs:arn': arn } }, {
      principal: { kind: 'service', account, service, arn: `arn:${partition}:iam::${account}:role/aws-service-role/${service}` },
      position: { kind: 'service', service: 'logs' },
      activityId: undefined,
    });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw refusal(context, 'AccessDeniedException', 'text-key-not-allowed', { arn });
  }
}

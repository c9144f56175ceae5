import { makeKey } from './make-key';
import { aliases } from './state';
import type { KeyRecord } from './state';
import type { Context } from '../../wire/operation';

/** Services with a key of their own: the first use of the alias makes it. */
const SERVICES = ['acm', 'backup', 'codecommit', 'dynamodb', 'ebs', 'elasticfilesystem', 'es', 'fsx', 'glue', 'kinesis', 'lambda', 'rds', 'redshift', 's3',
  'secretsmanager', 'sns', 'sqs', 'ssm', 'xray'];

/** Makes the key of `alias/aws/<service>` where it is not there yet; undefined for any other alias. */
export function awsManagedKey(context: Context, alias: string): KeyRecord | undefined {
  const service = SERVICES.find((name) => alias === `alias/aws/${name}`);
  if (!service) return undefined;
  const key = makeKey(context, {
    manager: 'AWS',
    description: `Default key that protects my ${service} data when no other key is defined`,
    policy: policyOf(context, service),
  });
  aliases(context).put(alias, { name: alias, keyId: key.id, createdAt: context.now, updatedAt: context.now });
  return key;
}

/** Everybody in the account may use it through the service, and nobody may change it. */
function policyOf(context: Context, service: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: `auto-${service}-1`,
    Statement: [
      {
        Sid: `Allow access through ${service} for all principals in the account that are authorized to use it`,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:CreateGrant', 'kms:DescribeKey'],
        Resource: '*',
        Condition: { StringEquals: { 'kms:ViaService': `${service}.${context.region}.amazonaws.com`, 'kms:CallerAccount': context.account } },
      },
      {
        Sid: 'Allow direct access to key metadata to the account',
        Effect: 'Allow',
        Principal: { AWS: `arn:${context.partition}:iam::${context.account}:root` },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
        Resource: '*',
      },
    ],
  });
}

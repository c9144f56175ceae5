import { Duration, RemovalPolicy, Size, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { CustomKeyStore, CustomKeyStoreKey, LifecycleProvider } from '../../src';
import type { CustomKeyStoreKeyOptions } from '../../src';
import { ResourceGraph } from '../_helpers/resource-graph';
import { clusterFixture, ENV, messageOf } from '../_helpers/stacks';

const KEY = 'Custom::KMSCustomKeyStoreKey';

function keyFixture(options: CustomKeyStoreKeyOptions = {}) {
  const made = clusterFixture();
  const store = new CustomKeyStore(made.stack, 'Store', { cluster: made.cluster });
  const key = store.addKey('Key', options);
  return { ...made, store, key, template: () => Template.fromStack(made.stack) };
}

describe('constructs of AWS take the key as their own', () => {
  test('for what they store', () => {
    const { stack, vpc, key } = keyFixture();
    new s3.Bucket(stack, 'Bucket', { encryption: s3.BucketEncryption.KMS, encryptionKey: key });
    new sqs.Queue(stack, 'Queue', { encryption: sqs.QueueEncryption.KMS, encryptionMasterKey: key });
    new sns.Topic(stack, 'Topic', { masterKey: key });
    new secretsmanager.Secret(stack, 'Secret', { encryptionKey: key });
    new dynamodb.Table(stack, 'Table', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED, encryptionKey: key,
    });
    new ec2.Volume(stack, 'Volume', { availabilityZone: 'us-east-1b', size: Size.gibibytes(8), encrypted: true, encryptionKey: key });
    new rds.DatabaseInstance(stack, 'Database', {
      engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }), vpc,
      storageEncrypted: true, storageEncryptionKey: key,
    });
    new logs.LogGroup(stack, 'Log', { encryptionKey: key });
    new cloudtrail.Trail(stack, 'Trail', { encryptionKey: key });
    new lambda.Function(stack, 'Function', {
      code: lambda.Code.fromInline('exports.handler = async () => {};'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_22_X, environmentEncryption: key,
    });

    const template = Template.fromStack(stack);
    const [id] = Object.keys(template.findResources(KEY));
    const arn = { 'Fn::GetAtt': [id, 'KeyArn'] };
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { KMSMasterKeyID: arn, SSEAlgorithm: 'aws:kms' } }] },
    });
    template.hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: arn });
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: arn });
    template.hasResourceProperties('AWS::SecretsManager::Secret', { KmsKeyId: arn });
    template.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { KMSMasterKeyId: arn, SSEType: 'KMS' } });
    template.hasResourceProperties('AWS::EC2::Volume', { KmsKeyId: arn });
    template.hasResourceProperties('AWS::RDS::DBInstance', { KmsKeyId: arn, StorageEncrypted: true });
    template.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: arn });
    template.hasResourceProperties('AWS::CloudTrail::Trail', { KMSKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::Lambda::Function', { KmsKeyArn: arn });
    expect(new ResourceGraph(template.toJSON()).circular()).toEqual([]);
  });

  test('which add what they need to its policy', () => {
    const { stack, key, template } = keyFixture();

    new secretsmanager.Secret(stack, 'Secret', { encryptionKey: key });
    key.grantDecrypt(new iam.ServicePrincipal('example.amazonaws.com'));

    template().hasResourceProperties(KEY, {
      Policy: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 'kms:*', Principal: { AWS: Match.anyValue() } }),
          Match.objectLike({ Condition: { StringEquals: { 'kms:ViaService': Match.anyValue() } } }),
          Match.objectLike({ Action: 'kms:Decrypt', Principal: { Service: 'example.amazonaws.com' }, Resource: '*' }),
        ]),
      },
    });
  });
});

describe('a key', () => {
  test('comes after its store, is kept with it, and is known to CloudFormation by a type of its own', () => {
    const { template } = keyFixture();

    template().hasResource(KEY, { DeletionPolicy: 'RetainExceptOnCreate', DependsOn: Match.arrayWith([Match.stringLikeRegexp('^Store')]) });
    template().hasResourceProperties(KEY, { Enabled: 'true', PendingWindowDays: '30', Description: '', ServiceTimeout: '3480' });
  });

  test('has an alias of CloudFormation\'s own type, and more if asked', () => {
    const { key, template } = keyFixture({ alias: 'orders' });

    key.addAlias('alias/others');

    template().resourceCountIs('AWS::KMS::Alias', 2);
    template().hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/orders', TargetKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^StoreKey'), 'KeyArn'] } });
  });

  test('has the tags of its scope', () => {
    const { stack, key, template } = keyFixture();

    Tags.of(stack).add('team', 'payments');
    Tags.of(key).add('data', 'orders');

    template().hasResourceProperties(KEY, { Tags: [{ Key: 'data', Value: 'orders' }, { Key: 'team', Value: 'payments' }] });
  });

  test('takes all its settings', () => {
    const { template } = keyFixture({
      description: 'Orders', enabled: false, pendingWindow: Duration.days(7), keySpec: kms.KeySpec.SYMMETRIC_DEFAULT, keyUsage: kms.KeyUsage.ENCRYPT_DECRYPT,
      multiRegion: false, enableKeyRotation: false,
    });

    template().hasResourceProperties(KEY, { Description: 'Orders', Enabled: 'false', PendingWindowDays: '7' });
  });

  test('with a policy of its own lets the lifecycle function in', () => {
    const policy = new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ principals: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Admin')], actions: ['kms:*'], resources: ['*'] })] });
    const { template } = keyFixture({ policy });

    template().hasResourceProperties(KEY, {
      Policy: {
        Statement: [
          Match.objectLike({ Principal: { AWS: 'arn:aws:iam::111122223333:role/Admin' } }),
          Match.objectLike({ Sid: 'TheLifecycleFunctionManages', Action: Match.arrayWith(['kms:PutKeyPolicy', 'kms:DescribeKey']), Principal: { AWS: { 'Fn::GetAtt': [Match.stringLikeRegexp('LifecycleRole'), 'Arn'] } } }),
        ],
      },
    });
  });

  test('may be managed by its admins', () => {
    const { template } = keyFixture({ admins: [new iam.ServicePrincipal('example.amazonaws.com')] });

    template().hasResourceProperties(KEY, {
      Policy: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: Match.arrayWith(['kms:ScheduleKeyDeletion']), Principal: { Service: 'example.amazonaws.com' } }),
        ]),
      },
    });
  });

  test.each<[string, (key: kms.IKey, grantee: iam.IGrantable) => iam.Grant, string | string[]]>([
    ['grant', (key, grantee) => key.grant(grantee, 'kms:DescribeKey'), 'kms:DescribeKey'],
    ['grantDecrypt', (key, grantee) => key.grantDecrypt(grantee), 'kms:Decrypt'],
    ['grantEncrypt', (key, grantee) => key.grantEncrypt(grantee), ['kms:Encrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*']],
    ['grantEncryptDecrypt', (key, grantee) => key.grantEncryptDecrypt(grantee), ['kms:Decrypt', 'kms:Encrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*']],
  ])('%s of kms.IKey adds to the role, as the account may decide', (_, grant, Action) => {
    const { stack, key, template } = keyFixture();

    const granted = grant(key, new iam.Role(stack, 'App', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') }));

    expect(granted.success).toBe(true);
    template().hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: [{ Action, Effect: 'Allow', Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^StoreKey'), 'KeyArn'] } }] } });
  });

  test.each<[string, (key: kms.IKey, grantee: iam.IGrantable) => iam.Grant]>([
    ['grantSign', (key, grantee) => key.grantSign(grantee)], ['grantVerify', (key, grantee) => key.grantVerify(grantee)],
    ['grantSignVerify', (key, grantee) => key.grantSignVerify(grantee)], ['grantGenerateMac', (key, grantee) => key.grantGenerateMac(grantee)],
    ['grantVerifyMac', (key, grantee) => key.grantVerifyMac(grantee)],
  ])('%s warns: it can do none of that', (_, grant) => {
    const { stack, key } = keyFixture();

    grant(key, new iam.Role(stack, 'App', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') }));

    Annotations.fromStack(stack).hasWarning('/Hsm/Store/Key', Match.stringLikeRegexp('it can neither sign nor make MACs'));
  });

  test('may be in another stack than its store, and on a store that is known by its id', () => {
    const { app, store } = keyFixture();
    const stack = new Stack(app, 'Orders', { env: ENV });

    new CustomKeyStoreKey(stack, 'Key', { keyStore: store });
    new CustomKeyStoreKey(stack, 'Other', { keyStore: CustomKeyStore.fromCustomKeyStoreId(stack, 'Known', 'cks-1234567890abcdef0') });

    Template.fromStack(stack).resourceCountIs(KEY, 2);
    Template.fromStack(stack).hasResource(KEY, { Properties: { CustomKeyStoreId: 'cks-1234567890abcdef0' }, DeletionPolicy: 'RetainExceptOnCreate' });
    expect(stack.dependencies.map(({ stackName }) => stackName)).toEqual(['Hsm']);
  });

  test('is reached by the function through its tag, never by its ARN, and made only in a key store', () => {
    const { stack, template } = keyFixture();

    const statements = Object.values(template().findResources('AWS::IAM::ManagedPolicy')).flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Array<Record<string, unknown>>);
    const of = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action));
    const stackId = { Ref: 'AWS::StackId' };
    expect(of('kms:CreateKey')).toEqual([expect.objectContaining({ Resource: '*', Condition: { StringEquals: { 'aws:RequestTag/cdk-cloudhsm:stack': stackId, 'kms:KeyOrigin': 'AWS_CLOUDHSM' } } })]);
    expect(of('kms:PutKeyPolicy')).toEqual([expect.objectContaining({ Condition: { StringEquals: { 'aws:ResourceTag/cdk-cloudhsm:stack': stackId, 'kms:KeyOrigin': 'AWS_CLOUDHSM' } } })]);
    expect(new ResourceGraph(template().toJSON()).circular()).toEqual([]);
    expect(stack.stackName).toBe('Hsm');
  });
});

describe('a key fails', () => {
  const refusal = (options: CustomKeyStoreKeyOptions) => messageOf(() => keyFixture(options));

  test.each<[string, CustomKeyStoreKeyOptions, string]>([
    ['with an asymmetric spec', { keySpec: kms.KeySpec.RSA_2048 },
      'KeySpecNotSupported: keySpec of a key in a key store must be SYMMETRIC_DEFAULT, got RSA_2048: KMS keeps only AES-256 keys in CloudHSM; leave it out, or use kms.Key [Hsm/Store/Key]'],
    ['with an HMAC spec', { keySpec: kms.KeySpec.HMAC_256 }, 'KeySpecNotSupported: '],
    ['for signing', { keyUsage: kms.KeyUsage.SIGN_VERIFY },
      'KeyUsageNotSupported: keyUsage of a key in a key store must be ENCRYPT_DECRYPT, got SIGN_VERIFY: the keys are symmetric and encrypt only; leave it out, or use kms.Key [Hsm/Store/Key]'],
    ['for several Regions', { multiRegion: true },
      'MultiRegionNotSupported: multiRegion is not possible for a key in a key store: its material never leaves the HSMs of its cluster; leave it out, or use kms.Key [Hsm/Store/Key]'],
    ['with rotation', { enableKeyRotation: true },
      'RotationNotSupported: enableKeyRotation is not possible for a key in a key store: KMS does not rotate keys in CloudHSM; make another key and let the alias point to it, '
      + 'the old one goes on decrypting [Hsm/Store/Key]'],
    ['with a period of rotation', { rotationPeriod: Duration.days(180) }, 'RotationNotSupported: '],
    ['with a window of 6 days', { pendingWindow: Duration.days(6) }, 'InvalidPendingWindow: pendingWindow must be 7 to 30 whole days, got 6; choose such a duration [Hsm/Store/Key]'],
    ['with a window of 31 days', { pendingWindow: Duration.days(31) }, 'InvalidPendingWindow: pendingWindow must be 7 to 30 whole days, got 31; '],
    ['with a description that is too long', { description: 'x'.repeat(8_193) }, 'InvalidKeyDescription: description must have at most 8192 characters, got 8193; shorten it [Hsm/Store/Key]'],
    ['with SNAPSHOT', { removalPolicy: RemovalPolicy.SNAPSHOT },
      'SnapshotNotSupported: removalPolicy SNAPSHOT is not possible for a key; use DESTROY, or RETAIN_ON_UPDATE_OR_DELETE, which keeps it [Hsm/Store/Key]'],
  ])('%s', (_, options, text) => {
    expect(refusal(options).startsWith(text)).toBe(true);
  });

  test('when it would be kept longer than its store', () => {
    const { stack, cluster } = clusterFixture({ removalPolicy: RemovalPolicy.DESTROY });
    const store = new CustomKeyStore(stack, 'Store', { cluster });

    expect(messageOf(() => store.addKey('Key', { removalPolicy: RemovalPolicy.RETAIN }))).toBe(
      'KeptLongerThanKeyStore: removalPolicy of a key must be DESTROY when that of its key store is, got retain; leave it out to use that of the key store, or keep '
      + 'the key store too [Hsm/Store/Key]',
    );
  });

  test('with a provider of another stack', () => {
    const { app, store } = keyFixture();

    expect(messageOf(() => store.addKey('Other', { lifecycleProvider: new LifecycleProvider(new Stack(app, 'Shared', { env: ENV }), 'Lifecycle') }))).toMatch(/^ProviderInOtherStack: /);
  });
});

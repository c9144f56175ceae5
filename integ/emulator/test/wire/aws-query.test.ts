import * as autoscaling from '@aws-sdk/client-auto-scaling';
import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as iam from '@aws-sdk/client-iam';
import * as sts from '@aws-sdk/client-sts';
import { decoded, exchange, form } from './http-request';
import { outcome, refusing, useLoopback } from './loopback';

const at = new Date('2026-09-20T10:11:12.345Z');

describe('serialization', () => {
  test.each([
    ['lists under member', 'Tags.member.2.Key=b&Tags.member.1.Key=a&Tags.member.1.Value=x', { Tags: [{ Key: 'a', Value: 'x' }, { Key: 'b' }] }],
    ['ten items in their order', [...Array(11).keys()].map((n) => `Capabilities.member.${n + 1}=C${n}`).reverse().join('&'), {
      Capabilities: [...Array(11).keys()].map((n) => `C${n}`),
    }],
    ['lists by bare numbers, as old clients send them', 'Capabilities.1=A&Capabilities.2=B', { Capabilities: ['A', 'B'] }],
    ['an empty list', 'Tags=', { Tags: [] }],
    ['booleans, numbers, spaces and signs', 'DisableRollback=true&TimeoutInMinutes=5&StackName=a+b%2Bc', {
      DisableRollback: true, TimeoutInMinutes: 5, StackName: 'a b+c',
    }],
    ['unknown parameters are passed over', 'StackName=s&Nonsense.member.1=x', { StackName: 's' }],
    ['names like JavaScript\'s own', 'StackName=s&__proto__.x=1&constructor=2', { StackName: 's' }],
  ])('decodes %s', (_title, text, input) => {
    expect(exchange('cloudformation', form(`Action=CreateStack&Version=2010-05-15&${text}`)).decode()).toEqual({ operation: 'CreateStack', input });
  });

  test('decodes maps by entry', () => {
    const text = 'Action=Publish&Message=m&MessageAttributes.entry.1.Name=k&MessageAttributes.entry.1.Value.DataType=String'
      + '&MessageAttributes.entry.1.Value.StringValue=v&MessageAttributes.entry.2.Name=b&MessageAttributes.entry.2.Value.BinaryValue=aGk%3D';
    expect(exchange('sns', form(text)).decode().input).toEqual({
      Message: 'm', MessageAttributes: { k: { DataType: 'String', StringValue: 'v' }, b: { BinaryValue: Buffer.from('hi') } },
    });
  });

  test('decodes the query of a GET', () => {
    expect(exchange('sts', { method: 'GET', rawQuery: 'Action=GetCallerIdentity&Version=2011-06-15' }).decode().operation).toBe('GetCallerIdentity');
  });

  test('answers inside a result and with the request\'s id', () => {
    const answer = decoded('sts', form('Action=GetCallerIdentity')).encode({ Account: '123456789012', Arn: 'arn:aws:iam::1:user/<a>', UserId: 'AIDA' }, 'id-1');
    expect(answer.headers).toMatchObject({ 'content-type': 'text/xml', 'x-amzn-requestid': 'id-1' });
    expect(answer.body.toString()).toBe('<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
      + '<UserId>AIDA</UserId><Account>123456789012</Account><Arn>arn:aws:iam::1:user/&lt;a&gt;</Arn></GetCallerIdentityResult>'
      + '<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>');
  });

  test('refuses in an ErrorResponse', () => {
    const answer = decoded('cloudformation', form('Action=DescribeStacks')).encodeError({ code: 'ValidationError', message: 'a & b' }, 'id-1');
    expect(answer.status).toBe(400);
    expect(answer.body.toString()).toBe('<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">'
      + '<Error><Type>Sender</Type><Code>ValidationError</Code><Message>a &amp; b</Message></Error><RequestId>id-1</RequestId></ErrorResponse>');
  });

  test('refuses an operation AWS does not have in AWS\'s words, and one we do not have in ours', () => {
    expect(() => exchange('iam', form('Action=Nonsense')).decode()).toThrow('Could not find operation Nonsense for version 2010-05-08');
    expect(() => exchange('iam', form('Action=EnableMFADevice')).decode()).toThrow('[emulator] iam EnableMFADevice is not modelled');
    expect(() => exchange('iam', form('Version=1')).decode()).toThrow('The request must contain the parameter Action');
  });

  test('refuses to send what the model does not have', () => {
    const open = decoded('sts', form('Action=GetCallerIdentity'));
    expect(() => open.encode({ Acount: '1' }, 'id')).toThrow('[emulator] sts.GetCallerIdentity.Acount is not a member the model has');
    expect(() => open.encode({ Account: 1 }, 'id')).toThrow('[emulator] sts.GetCallerIdentity.Account should be of type string, is the number 1');
  });
});

describe('with the SDK', () => {
  const loopback = useLoopback();
  const cfn = (): cloudformation.CloudFormationClient => new cloudformation.CloudFormationClient(loopback.client);

  test('a change set goes out and comes back', async () => {
    const input = {
      StackName: 'demo',
      ChangeSetName: 'one & only',
      TemplateBody: '{"Resources": {"ä": "<&>"}}',
      Parameters: [{ ParameterKey: 'A', ParameterValue: '1+1=2 %' }, { ParameterKey: 'B', UsePreviousValue: true }],
      Capabilities: ['CAPABILITY_IAM' as const, 'CAPABILITY_NAMED_IAM' as const],
      Tags: [],
      ResourcesToImport: [{ ResourceType: 'AWS::S3::Bucket', LogicalResourceId: 'L', ResourceIdentifier: { BucketName: 'b', Other: 'c' } }],
      RollbackConfiguration: { MonitoringTimeInMinutes: 3 },
      IncludeNestedStacks: false,
    };
    loopback.answer = () => ({ Id: 'arn:change', StackId: 'arn:stack' });

    const output = await outcome(cfn().send(new cloudformation.CreateChangeSetCommand(input)));

    expect(loopback.last).toMatchObject({ service: 'cloudformation', operation: 'CreateChangeSet', protocol: 'query', input });
    expect(loopback.last.addressee).toEqual({
      service: 'cloudformation', asked: 'cloudformation', region: 'eu-west-1', accessKeyId: 'AKIAFAKEFAKEFAKEFAKE', by: 'signature',
    });
    expect(output).toEqual({ Id: 'arn:change', StackId: 'arn:stack' });
  });

  test('stacks come with lists, dates and text that XML must escape', async () => {
    const stack = {
      StackId: 'arn:stack',
      StackName: 'demo',
      CreationTime: at,
      StackStatus: 'CREATE_COMPLETE' as const,
      DisableRollback: false,
      StackStatusReason: 'a <b> & "c"\r\n  d\t',
      NotificationARNs: [],
      Outputs: [{ OutputKey: 'K', OutputValue: '' }],
      Tags: [{ Key: 'k', Value: 'v' }],
    };
    loopback.answer = () => ({ Stacks: [stack] });

    const output = await outcome(cfn().send(new cloudformation.DescribeStacksCommand({})));

    expect(output).toEqual({ Stacks: [stack] });
  });

  test('errors carry code, text and status', async () => {
    loopback.answer = refusing('ValidationError', 'Stack with id demo does not exist');
    await expect(cfn().send(new cloudformation.DescribeStacksCommand({ StackName: 'demo' }))).rejects.toMatchObject({
      name: 'ValidationError', message: 'Stack with id demo does not exist', $metadata: { httpStatusCode: 400, requestId: 'test-request-id' },
    });
  });

  test.each(['ChangeSetNotFoundException', 'ChangeSetNotFound'])('a modelled error named %s is the SDK\'s own', async (code) => {
    loopback.answer = refusing(code, 'ChangeSet [x] does not exist');

    const refusal = cfn().send(new cloudformation.DescribeChangeSetCommand({ ChangeSetName: 'x' }));

    await expect(refusal).rejects.toBeInstanceOf(cloudformation.ChangeSetNotFoundException);
    await expect(refusal).rejects.toMatchObject({ message: 'ChangeSet [x] does not exist', $metadata: { httpStatusCode: 404 } });
  });

  test('an STS session', async () => {
    const session = {
      Credentials: { AccessKeyId: 'ASIA', SecretAccessKey: 's', SessionToken: 't', Expiration: at },
      AssumedRoleUser: { AssumedRoleId: 'AROA:s', Arn: 'arn:role' },
    };
    loopback.answer = () => session;
    const input = { RoleArn: 'arn:role', RoleSessionName: 's', Tags: [{ Key: 'a', Value: 'b' }], DurationSeconds: 900 };

    const output = await outcome(new sts.STSClient(loopback.client).send(new sts.AssumeRoleCommand(input)));

    expect(output).toEqual(session);
    expect(loopback.last).toMatchObject({ service: 'sts', operation: 'AssumeRole', input });
  });

  test('an IAM role', async () => {
    const Role = { Path: '/', RoleName: 'r', RoleId: 'AROA', Arn: 'arn:role', CreateDate: at, AssumeRolePolicyDocument: '%7B%7D', Tags: [] };
    loopback.answer = () => ({ Role });

    expect(await outcome(new iam.IAMClient(loopback.client).send(new iam.GetRoleCommand({ RoleName: 'r' })))).toEqual({ Role });
  });

  test('an operation without an answer of its own', async () => {
    const input = { AutoScalingGroupName: 'g', MinSize: 1, MaxSize: 2, VPCZoneIdentifier: 'subnet-1', TerminationPolicies: ['Default'] };

    await new autoscaling.AutoScalingClient(loopback.client).send(new autoscaling.CreateAutoScalingGroupCommand(input));

    expect(loopback.last).toMatchObject({ service: 'autoscaling', operation: 'CreateAutoScalingGroup', input });
  });
});

import { logGroup, StackWorld } from './toys';
import { cloudformation } from '../../src/cloudformation/service';
import { ec2 } from '../../src/services/ec2/service';
import { iam } from '../../src/services/iam/service';
import { logs } from '../../src/services/logs/service';
import { secretsmanager } from '../../src/services/secretsmanager/service';
import { sts } from '../../src/services/sts/service';

const TemplateBody = JSON.stringify({ Resources: { A: logGroup('a') } });
const RoleARN = 'arn:aws:iam::123456789012:role/none';

let world: StackWorld;

beforeEach(() => {
  world = new StackWorld({ services: [cloudformation, ec2, iam, logs, secretsmanager, sts] });
});

afterEach(() => world.stop());

test.each([['CreateStack', {}], ['CreateChangeSet', { ChangeSetName: 'c', ChangeSetType: 'CREATE' }]])('%s is refused as a role that there is not', (operation, input) => {
  expect(() => world.cfn(operation, { StackName: 'Stack', TemplateBody, RoleARN, ...input })).toThrow(`Role ${RoleARN} is invalid or cannot be assumed`);
  expect(world.stack()).toBeUndefined();
});

test('a role that lets only another service in cannot be used, one that lets CloudFormation in can', async () => {
  const role = (RoleName: string, Service: string): string => world.call<{ Role: { Arn: string } }>('iam', 'CreateRole', {
    RoleName, AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }] }),
  }).Role.Arn;
  const [other, ours] = [role('other', 'lambda.amazonaws.com'), role('ours', 'cloudformation.amazonaws.com')];
  world.call('iam', 'PutRolePolicy', {
    RoleName: 'ours', PolicyName: 'all', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }),
  });
  await world.kernel.advance(60_000);

  expect(() => world.cfn('CreateStack', { StackName: 'Stack', TemplateBody, RoleARN: other })).toThrow('is invalid or cannot be assumed');
  expect(await world.deploy({ Resources: { A: logGroup('a') } }, { input: { RoleARN: ours } })).toBe('CREATE_COMPLETE');
});

describe('a parameter whose type says what it names', () => {
  const template = { Parameters: { P: { Type: 'AWS::EC2::VPC::Id' } }, Resources: { A: logGroup('a') } };
  const given = (ParameterValue: string): object => ({ Parameters: [{ ParameterKey: 'P', ParameterValue }] });

  test('fails the stack when that is not there', async () => {
    expect(await world.deploy(template, { input: given('vpc-nope') })).toBe('ROLLBACK_COMPLETE');

    expect(world.story()).toContain(
      'Stack ROLLBACK_IN_PROGRESS Parameter validation failed: parameter value vpc-nope for parameter name P does not exist. Rollback requested by user.');
    expect(world.story().filter((line) => line.startsWith('A '))).toEqual([]);
  });

  test('fails the change set when that is not there', () => {
    world.cfn('CreateChangeSet', { StackName: 'Stack', ChangeSetName: 'c', ChangeSetType: 'CREATE', TemplateBody: JSON.stringify(template), ...given('vpc-nope') });

    expect(world.cfn('DescribeChangeSet', { StackName: 'Stack', ChangeSetName: 'c' })).toMatchObject({
      Status: 'FAILED', StatusReason: 'Parameter validation failed: parameter value vpc-nope for parameter name P does not exist',
    });
  });

  test('is fine when it is', async () => {
    const { Vpc } = world.call<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' });

    expect(await world.deploy(template, { input: given(Vpc.VpcId) })).toBe('CREATE_COMPLETE');
  });
});

test('a secret is given or generated, not both', async () => {
  expect(await world.deploy({ Resources: { A: { Type: 'AWS::SecretsManager::Secret', Properties: { SecretString: 'a', GenerateSecretString: {} } } } })).toBe('ROLLBACK_COMPLETE');

  expect(world.story().find((line) => line.startsWith('A CREATE_FAILED'))).toMatch(/SecretString and GenerateSecretString.*HandlerErrorCode: InvalidRequest/);
});

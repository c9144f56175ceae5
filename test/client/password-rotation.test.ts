import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { CryptoUser, PasswordRotation, PasswordRotator } from '../../src';
import type { CryptoUserOptions, MaintenanceWindowOptions } from '../../src';
import { ResourceGraph } from '../_helpers/resource-graph';
import { clusterFixture, ENV, messageOf } from '../_helpers/stacks';

function rotated(options: MaintenanceWindowOptions = {}, user: CryptoUserOptions = {}): Stack {
  const { stack, cluster } = clusterFixture();
  cluster.addCryptoUser('App', { rotation: PasswordRotation.maintenanceWindow(options), ...user });
  return stack;
}

describe('a password that is rotated in a maintenance window', () => {
  test('is not rotated unless asked for', () => {
    const { stack, cluster } = clusterFixture();
    cluster.addCryptoUser('App');

    Template.fromStack(stack).resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
  });

  test('has its first window on the first Sunday of the next month, and is not rotated by the deploy', () => {
    Template.fromStack(rotated()).hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      RotateImmediatelyOnUpdate: false,
      RotationRules: { ScheduleExpression: 'cron(0 3 ? * SUN#1 *)', Duration: '3h' },
    });
  });

  test('has the window that it is given', () => {
    const schedule = events.Schedule.cron({ minute: '0', hour: '22', weekDay: 'SAT' });

    Template.fromStack(rotated({ schedule, duration: Duration.hours(2) })).hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      RotationRules: { ScheduleExpression: 'cron(0 22 ? * SAT *)', Duration: '2h' },
    });
  });

  test('is rotated after its user is there, by a function that Secrets Manager of this account alone may call', () => {
    const template = Template.fromStack(rotated());
    const graph = new ResourceGraph(template.toJSON());
    const needed = [...graph.needs(graph.only('AWS::SecretsManager::RotationSchedule'))];

    expect(needed).toEqual(expect.arrayContaining([graph.only('Custom::CloudHSMUser'), ...graph.ids({ prefix: 'CloudHsmRotation' })]));
    template.hasResourceProperties('AWS::Lambda::Permission', { Principal: 'secretsmanager.amazonaws.com', SourceAccount: ENV.account });
    expect(graph.circular()).toEqual([]);
  });

  test('is never read by the function', () => {
    const { Resources } = Template.fromStack(rotated()).toJSON() as { Resources: Record<string, { Type: string; Properties: object }> };
    const policies = Object.entries(Resources).filter(([id, { Type }]) => id.startsWith('CloudHsmRotation') && Type === 'AWS::IAM::ManagedPolicy');

    expect(policies).toHaveLength(2);
    expect(JSON.stringify(policies)).toContain('secretsmanager:PutSecretValue');
    expect(JSON.stringify(policies)).not.toMatch(/GetSecretValue|secretsmanager:\*/);
  });

  test('shares the function of the stack with other users, in as few statements', () => {
    const { stack, cluster } = clusterFixture();
    for (const id of ['One', 'Two']) cluster.addCryptoUser(id, { rotation: PasswordRotation.maintenanceWindow() });

    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 2);
    template.resourcePropertiesCountIs('AWS::Lambda::Function', { Description: 'Rotates passwords of CloudHSM users' }, 1);
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({
          Action: ['secretsmanager:DescribeSecret', 'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'],
          Resource: [Match.anyValue(), Match.anyValue()],
        })]),
      },
    });
  });

  test('of a user in another stack is rotated from there', () => {
    const { app, stack, cluster } = clusterFixture();
    const users = new Stack(app, 'Users', { env: ENV });

    new CryptoUser(users, 'App', { cluster, rotation: PasswordRotation.maintenanceWindow() });

    expect(new ResourceGraph(Template.fromStack(users).toJSON()).circular()).toEqual([]);
    Template.fromStack(users).resourceCountIs('AWS::SecretsManager::RotationSchedule', 1);
    expect(stack.dependencies.map(({ stackName }) => stackName)).not.toContain('Users');
  });

  test.each<[string, MaintenanceWindowOptions, string]>([
    ['every week', { schedule: events.Schedule.rate(Duration.days(7)) }, 'InvalidRotationSchedule'],
    ['at half past', { schedule: events.Schedule.cron({ minute: '30', hour: '3' }) }, 'InvalidRotationSchedule'],
    ['in one year', { schedule: events.Schedule.cron({ minute: '0', hour: '3', year: '2030' }) }, 'InvalidRotationSchedule'],
    ['for no time', { duration: Duration.hours(0) }, 'InvalidRotationWindow'],
    ['for half an hour', { duration: Duration.minutes(30) }, 'InvalidRotationWindow'],
    ['for more than a day', { duration: Duration.hours(25) }, 'InvalidRotationWindow'],
    ['until the day after', { schedule: events.Schedule.cron({ minute: '0', hour: '22' }), duration: Duration.hours(3) }, 'RotationWindowPastMidnight'],
  ])('is refused a window %s', (_, options, code) => {
    expect(messageOf(() => rotated(options))).toMatch(new RegExp(`^${code}: .*; .*`));
  });

  test('is refused a function of another stack', () => {
    const { app, cluster } = clusterFixture();
    const rotator = new PasswordRotator(new Stack(app, 'Other', { env: ENV }), 'Rotator');

    expect(messageOf(() => cluster.addCryptoUser('App', { rotation: PasswordRotation.maintenanceWindow(), rotator }))).toMatch(/^RotatorInOtherStack: /);
  });

  test('is refused a secret that is known by its name only', () => {
    const { stack, cluster } = clusterFixture();
    const secret = secretsmanager.Secret.fromSecretNameV2(stack, 'Mine', 'mine');

    expect(messageOf(() => cluster.addCryptoUser('App', { secret, rotation: PasswordRotation.maintenanceWindow() }))).toMatch(/^RotatedSecretUnknown: /);
  });
});

describe('a password of two users who take turns', () => {
  test('has a second user, named after the first unless told otherwise, whom the lifecycle makes and deletes', () => {
    const { stack, cluster } = clusterFixture();
    cluster.addCryptoUser('One', { rotation: PasswordRotation.alternatingUsers() });
    cluster.addCryptoUser('Two', { rotation: PasswordRotation.alternatingUsers({ alternateUserName: 'Second' }) });

    const template = Template.fromStack(stack);
    template.hasResourceProperties('Custom::CloudHSMUser', { UserName: 'one', AlternateUserName: 'one_alt' });
    template.hasResourceProperties('Custom::CloudHSMUser', { UserName: 'two', AlternateUserName: 'second' });
  });

  test.each([['app', 'AlternateUserSame'], ['kmsuser', 'ReservedUserName'], ['not one', 'InvalidUserName']])('is refused the second name %s', (alternateUserName, code) => {
    const { cluster } = clusterFixture();

    expect(messageOf(() => cluster.addCryptoUser('App', { rotation: PasswordRotation.alternatingUsers({ alternateUserName }) }))).toMatch(new RegExp(`^${code}: `));
  });
});

import { NestedStack, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { CryptoUser, LifecycleProvider } from '../../src';
import type { CryptoUserOptions } from '../../src';
import { ResourceGraph } from '../_helpers/resource-graph';
import { clusterFixture, ENV, messageOf } from '../_helpers/stacks';

describe('a crypto user', () => {
  test('is named after its construct, in lower case, unless told otherwise', () => {
    const { cluster } = clusterFixture();

    expect(cluster.addCryptoUser('Signer').userName).toBe('signer');
    expect(cluster.addCryptoUser('Other', { userName: 'Other_2' }).userName).toBe('other_2');
  });

  test('is never taken over unless told so', () => {
    const { stack, cluster } = clusterFixture();
    cluster.addCryptoUser('New');
    cluster.addCryptoUser('Old', { adopt: true });

    const template = Template.fromStack(stack);
    template.hasResourceProperties('Custom::CloudHSMUser', { UserName: 'new', Adopt: 'false' });
    template.hasResourceProperties('Custom::CloudHSMUser', { UserName: 'old', Adopt: 'true' });
  });

  test('takes a secret of yours, and lets the admin client read it', () => {
    const { stack, cluster } = clusterFixture();
    const secret = new secretsmanager.Secret(stack, 'Mine');

    expect(cluster.addCryptoUser('App', { secret }).secret).toBe(secret);

    const template = Template.fromStack(stack);
    template.hasResourceProperties('Custom::CloudHSMUser', { SecretArn: stack.resolve(secret.secretArn) as unknown });
    template.hasResourceProperties('AWS::SecretsManager::ResourcePolicy', { SecretId: stack.resolve(secret.secretArn) as unknown });
  });

  test('may be in another stack, which only takes from the cluster\'s', () => {
    const { app, stack, cluster } = clusterFixture();
    const users = new Stack(app, 'Users', { env: ENV });

    new CryptoUser(users, 'App', { cluster });

    const graph = new ResourceGraph(Template.fromStack(users).toJSON());
    expect(graph.circular()).toEqual([]);
    expect([...graph.needs(graph.only('Custom::CloudHSMUser'))]).toEqual(expect.arrayContaining(graph.ids({ prefix: 'CloudHsmLifecycle' })));
    expect(users.dependencies.map(({ stackName }) => stackName)).toContain('Hsm');
    expect(stack.dependencies.map(({ stackName }) => stackName)).not.toContain('Users');
  });

  test('may be in a stack nested in the cluster\'s', () => {
    const { stack, cluster } = clusterFixture();
    const nested = new NestedStack(stack, 'Users');

    new CryptoUser(nested, 'App', { cluster });

    Template.fromStack(nested).resourceCountIs('Custom::CloudHSMUser', 1);
    expect(new ResourceGraph(Template.fromStack(stack).toJSON()).circular()).toEqual([]);
  });

  test.each([
    ['shares the removal policy of the cluster', RemovalPolicy.DESTROY, {}, 'Delete'],
    ['may go although the cluster is kept', RemovalPolicy.RETAIN, { removalPolicy: RemovalPolicy.DESTROY }, 'Delete'],
  ])('%s', (_, clusterPolicy, options, DeletionPolicy) => {
    const { stack, cluster } = clusterFixture({ removalPolicy: clusterPolicy });

    cluster.addCryptoUser('App', options);

    const template = Template.fromStack(stack);
    template.hasResource('Custom::CloudHSMUser', { DeletionPolicy });
    template.hasResource('AWS::SecretsManager::Secret', { Properties: { Description: Match.stringLikeRegexp('^Crypto user') }, DeletionPolicy });
  });
});

describe('a crypto user fails', () => {
  const refusal = (options: CryptoUserOptions, clusterPolicy?: RemovalPolicy) => {
    const { cluster } = clusterFixture({ removalPolicy: clusterPolicy });
    return messageOf(() => cluster.addCryptoUser('User', options));
  };

  test.each(['admin', 'ADMIN', 'app_user', 'App_User', 'cdk_automation', 'kmsuser', 'KMSUser'])('with the name %s, which somebody uses already', (userName) => {
    expect(refusal({ userName })).toBe(
      `ReservedUserName: userName must not be one of admin, app_user, cdk_automation, kmsuser, got ${userName}: CloudHSM, KMS and this library use these themselves; choose another [Hsm/Cluster/User]`,
    );
  });

  test.each(['', 'a b', 'a-b', 'a:b', 'ä', 'x'.repeat(32), 'a\n'])('with the name %j, which an HSM does not take', (userName) => {
    expect(refusal({ userName })).toBe(
      `InvalidUserName: userName must be 1 to 31 letters, digits and underscores, got ${JSON.stringify(userName)}; choose such a name [Hsm/Cluster/User]`,
    );
  });

  test('when its construct\'s id is no name of a user', () => {
    const { cluster } = clusterFixture();

    expect(messageOf(() => cluster.addCryptoUser('my-app'))).toContain('got "my-app"; choose such a name');
  });

  test('with SNAPSHOT', () => {
    expect(refusal({ removalPolicy: RemovalPolicy.SNAPSHOT })).toBe(
      'SnapshotNotSupported: removalPolicy SNAPSHOT is not possible for a crypto user; use DESTROY, which leaves the service\'s backups, or '
      + 'RETAIN_ON_UPDATE_OR_DELETE, which keeps everything [Hsm/Cluster/User]',
    );
  });

  test('when it would be kept longer than its cluster', () => {
    expect(refusal({ removalPolicy: RemovalPolicy.RETAIN }, RemovalPolicy.DESTROY)).toBe(
      'KeptLongerThanCluster: removalPolicy of a crypto user must be DESTROY when its cluster\'s is, got retain; leave it out to use the cluster\'s, or keep the '
      + 'cluster too [Hsm/Cluster/User]',
    );
  });

  test('with a provider of another stack', () => {
    const { app, cluster } = clusterFixture();

    expect(messageOf(() => cluster.addCryptoUser('User', { lifecycleProvider: new LifecycleProvider(new Stack(app, 'Shared', { env: ENV }), 'Lifecycle') }))).toBe(
      'ProviderInOtherStack: lifecycleProvider must be in the same stack, Hsm, got one in Shared; make one there, or leave it out to use the stack\'s own '
      + '[Hsm/Cluster/User]',
    );
  });
});

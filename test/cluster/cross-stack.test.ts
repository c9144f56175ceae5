import { CfnOutput, Fn, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ClientInstance, Cluster, CryptoUser } from '../../src';
import { ResourceGraph } from '../_helpers/resource-graph';
import { clusterFixture, ENV, fixture, messageOf } from '../_helpers/stacks';

/** A cluster with all that others may take from it: clients, users, metrics, in stacks of their own. */
function consumed(hsmCount: number): { exports: unknown; consumer: unknown } {
  const { app, stack, cluster } = clusterFixture({ hsmCount });
  const consumer = new Stack(app, 'Consumer', { env: ENV });
  new ClientInstance(consumer, 'Web', { cluster });
  new CryptoUser(consumer, 'App', { cluster });
  cluster.metricHsmUnhealthy().createAlarm(consumer, 'Unhealthy', { threshold: 1, evaluationPeriods: 1 });
  new CfnOutput(consumer, 'TrustAnchor', { value: cluster.trustAnchor.parameterName });
  new CfnOutput(consumer, 'AuditLog', { value: cluster.auditLogGroup.logGroupName });
  const template = Template.fromStack(stack).toJSON() as { Outputs: unknown };
  return { exports: template.Outputs, consumer: Template.fromStack(consumer).toJSON() };
}

describe('from a cluster of another stack', () => {
  const two = consumed(2);

  test.each([3, 5, 0])('nothing changes when it goes from 2 to %d HSMs: no export, no consumer', (hsmCount) => {
    expect(Object.keys(two.exports as object).length).toBeGreaterThan(5);
    expect(consumed(hsmCount)).toEqual(two);
  });

  test('nothing crosses that depends on the fleet', () => {
    expect(JSON.stringify(two.exports)).not.toContain('Fleet');
  });

  test.each(['hsmAddresses', 'networkInterfaceIds'] as const)('%s cannot be used', (attribute) => {
    const { app, cluster } = clusterFixture();
    const consumer = new Stack(app, 'Consumer', { env: ENV });
    new CfnOutput(consumer, 'Addresses', { value: Fn.join(',', cluster[attribute]) });

    const name = attribute === 'hsmAddresses' ? 'HsmAddresses' : 'NetworkInterfaceIds';
    expect(messageOf(() => app.synth())).toContain(
      `AddressesAcrossStacks: ${name} of a cluster change when it is scaled and cannot be used in another stack (Consumer/Addresses); look them up at run time by the `
      + 'cluster\'s id, as `configure-cli --cluster-id` does [Hsm/Cluster]',
    );
  });

  test('addresses cannot be used in a nested stack either', () => {
    const { app, stack, cluster } = clusterFixture();
    new CfnOutput(new NestedStack(stack, 'Nested'), 'Addresses', { value: Fn.join(',', cluster.hsmAddresses) });

    expect(messageOf(() => app.synth())).toContain('AddressesAcrossStacks');
  });

  test('the client\'s rules are on the client\'s side', () => {
    const { app, stack, cluster } = clusterFixture();
    const consumer = new Stack(app, 'Consumer', { env: ENV });

    new ClientInstance(consumer, 'Web', { cluster });

    Template.fromStack(consumer).resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
    Template.fromStack(stack).resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
    expect(consumer.dependencies.map(({ stackName }) => stackName)).toContain('Hsm');
    expect(stack.dependencies.map(({ stackName }) => stackName)).not.toContain('Consumer');
  });
});

test('the addresses can be an output of the cluster\'s own stack', () => {
  const { stack, cluster } = clusterFixture();

  new CfnOutput(stack, 'Addresses', { value: Fn.join(',', cluster.hsmAddresses) });

  Template.fromStack(stack).hasOutput('Addresses', { Value: { 'Fn::Join': [',', { 'Fn::Split': [',', { 'Fn::GetAtt': ['ClusterFleetB6F949BD', 'HsmAddresses'] }] }] } });
});

test('a key of another stack may encrypt the secrets', () => {
  const { network, stack, vpc } = fixture();

  new Cluster(stack, 'Cluster', { vpc, encryptionKey: new kms.Key(network, 'Key') }).addCryptoUser('App');

  expect(new ResourceGraph(Template.fromStack(stack).toJSON()).circular()).toEqual([]);
  expect(network.dependencies).toEqual([]);
});

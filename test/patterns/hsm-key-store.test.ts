import { RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ClusterMonitor, HsmKeyStore, KeyStoreMonitor, LifecycleProvider } from '../../src';
import { ResourceGraph } from '../_helpers/resource-graph';
import { fixture } from '../_helpers/stacks';

describe('a key store with its HSMs', () => {
  test('is a cluster, a store, and no key', () => {
    const { stack, vpc } = fixture();

    const made = new HsmKeyStore(stack, 'Orders', { vpc });

    const template = Template.fromStack(stack);
    expect(['AWS::CloudHSM::Cluster', 'Custom::KMSCustomKeyStore', 'Custom::KMSCustomKeyStoreKey'].map((type) => Object.keys(template.findResources(type)).length)).toEqual([1, 1, 0]);
    expect(made.key).toBeUndefined();
  });

  test('has a first key if asked', () => {
    const { stack, vpc } = fixture();

    const { key, keyStore } = new HsmKeyStore(stack, 'Orders', { vpc, customKeyStoreName: 'orders', key: { alias: 'orders' } });

    expect([key!.keyStore, keyStore.customKeyStoreName]).toEqual([keyStore, 'orders']);
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/orders' });
  });

  test('shares one removal policy and one lifecycle provider', () => {
    const { stack, vpc } = fixture();
    const lifecycleProvider = new LifecycleProvider(stack, 'Lifecycle');

    new HsmKeyStore(stack, 'Orders', { vpc, removalPolicy: RemovalPolicy.DESTROY, lifecycleProvider, key: {} });

    const template = Template.fromStack(stack);
    for (const type of ['AWS::CloudHSM::Cluster', 'Custom::KMSCustomKeyStore', 'Custom::KMSCustomKeyStoreKey']) template.hasResource(type, { DeletionPolicy: 'Delete' });
    const graph = new ResourceGraph(template.toJSON());
    expect(graph.ids({ prefix: 'CloudHsmLifecycle' })).toEqual([]);
    expect(graph.circular()).toEqual([]);
  });

  test('is watched if there is a topic, and not else', () => {
    const { stack, vpc } = fixture();
    const lifecycleProvider = new LifecycleProvider(stack, 'Lifecycle');

    const made = new HsmKeyStore(stack, 'Orders', { vpc, lifecycleProvider, alarmTopic: new sns.Topic(stack, 'Alarms') });

    expect([made.clusterMonitor, made.keyStoreMonitor]).toEqual([expect.any(ClusterMonitor), expect.any(KeyStoreMonitor)]);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::CloudWatch::Alarm', 5);
    // The probe's key is made by the provider that is given, and the probe is one for both.
    const graph = new ResourceGraph(template.toJSON());
    expect(graph.ids({ prefix: 'CloudHsmLifecycle' })).toEqual([]);
    template.resourceCountIs('AWS::Lambda::Function', 2);
    expect(graph.circular()).toEqual([]);

    const other = fixture();
    const unwatched = new HsmKeyStore(other.stack, 'Orders', { vpc: other.vpc });
    expect([unwatched.clusterMonitor, unwatched.keyStoreMonitor]).toEqual([undefined, undefined]);
    Template.fromStack(other.stack).resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });
});

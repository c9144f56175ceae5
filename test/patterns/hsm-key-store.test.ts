import { RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HsmKeyStore, LifecycleProvider } from '../../src';
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
});

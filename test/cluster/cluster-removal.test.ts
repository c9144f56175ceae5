import { RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { CertificateAuthority, Cluster } from '../../src';
import type { TemplateResource } from '../_helpers/resource-graph';
import { clusterFixture, fixture, messageOf } from '../_helpers/stacks';

/** What is kept or goes together: the cluster cannot be used without any of these. */
const CLOSED_SET = [
  ['the cluster', 'ClusterEB0386A7', 'AWS::CloudHSM::Cluster'],
  ['its pre-flight', 'ClusterPlacementA49ACCF8', 'Custom::CloudHSMPlacement'],
  ['its first HSM, with evidence and audit log group', 'ClusterFirstHsm7DBDE3A2', 'Custom::CloudHSMFirstHsm'],
  ['its initialization, with the trust anchor', 'ClusterInitialization7B7953C3', 'Custom::CloudHSMInitialization'],
  ['its activation', 'ClusterActivationC7D13B4C', 'Custom::CloudHSMActivation'],
  ['its fleet', 'ClusterFleetB6F949BD', 'Custom::CloudHSMFleet'],
  ['a user', 'ClusterAppB0B84781', 'Custom::CloudHSMUser'],
  ['the secret of a user', 'ClusterAppSecret2B311CC1', 'AWS::SecretsManager::Secret'],
  ['the secret of the automation admin', 'ClusterAdminSecretDF046B00', 'AWS::SecretsManager::Secret'],
  ['the secret of admin', 'ClusterSealedAdminSecret44DB0987', 'AWS::SecretsManager::Secret'],
  ['what seals the secret of admin', 'ClusterSealedAdminSecretPolicy1786C4D1', 'AWS::SecretsManager::ResourcePolicy'],
  ['the key of the secrets', 'ClusterKeyB247D7DD', 'AWS::KMS::Key'],
  ['the key of the certificate authority', 'ClusterCertificateAuthorityKey6191576F', 'AWS::KMS::Key'],
] as const;

function resources(removalPolicy?: RemovalPolicy): Record<string, TemplateResource> {
  const { stack, cluster } = clusterFixture({ removalPolicy });
  cluster.addCryptoUser('App');
  return (Template.fromStack(stack).toJSON() as { Resources: Record<string, TemplateResource> }).Resources;
}

const BY_POLICY = [
  { policy: undefined, deletion: 'RetainExceptOnCreate', update: 'Retain', claim: 'by default keeps %s when the stack goes, and cleans up when the first create rolls back' },
  { policy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, deletion: 'RetainExceptOnCreate', update: 'Retain', claim: 'RETAIN_ON_UPDATE_OR_DELETE keeps %s' },
  { policy: RemovalPolicy.RETAIN, deletion: 'Retain', update: 'Retain', claim: 'RETAIN keeps %s, even when the first create rolls back' },
  { policy: RemovalPolicy.DESTROY, deletion: 'Delete', update: 'Delete', claim: 'DESTROY lets %s go' },
];

describe.each(BY_POLICY)('$policy', ({ policy, deletion, update, claim }) => {
  let made: Record<string, TemplateResource>;
  beforeAll(() => { made = resources(policy); });

  test.each(CLOSED_SET)(claim, (_, id, type) => {
    expect(made[id]).toMatchObject({ Type: type, DeletionPolicy: deletion, UpdateReplacePolicy: update });
  });

  test('concerns nothing else', () => {
    const others = Object.entries(made).filter(([id]) => !CLOSED_SET.some(([, member]) => member === id));

    expect(others.filter(([, { DeletionPolicy }]) => DeletionPolicy?.startsWith('Retain')).map(([id]) => id)).toEqual([]);
  });
});

test('the provider goes with the stack, with its key and logs', () => {
  const made = resources();

  const ids = Object.keys(made).filter((id) => id.startsWith('CloudHsmLifecycle'));
  expect(ids.length).toBeGreaterThan(5);
  expect(ids.filter((id) => !['Delete', undefined].includes(made[id].DeletionPolicy))).toEqual([]);
});

test('the key of an authority that the user gives is not ours to remove', () => {
  const { stack, vpc } = fixture();
  const key = new kms.Key(stack, 'Theirs', { keySpec: kms.KeySpec.RSA_2048, keyUsage: kms.KeyUsage.SIGN_VERIFY, removalPolicy: RemovalPolicy.RETAIN });

  new Cluster(stack, 'Cluster', { vpc, certificateAuthority: CertificateAuthority.kms({ key }), removalPolicy: RemovalPolicy.DESTROY });

  Template.fromStack(stack).hasResource('AWS::KMS::Key', { Properties: { KeySpec: 'RSA_2048' }, DeletionPolicy: 'Retain' });
});

test('fails for SNAPSHOT', () => {
  expect(messageOf(() => clusterFixture({ removalPolicy: RemovalPolicy.SNAPSHOT }))).toBe(
    'SnapshotNotSupported: removalPolicy SNAPSHOT is not possible for a cluster; use DESTROY, which leaves the service\'s backups, or '
    + 'RETAIN_ON_UPDATE_OR_DELETE, which keeps everything [Hsm/Cluster]',
  );
});

import { Match, Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Cluster } from '../../src';
import { clusterFixture } from '../_helpers/stacks';

const { stack, cluster } = clusterFixture();
const app = cluster.addCryptoUser('App', { userName: 'app' });
const template = Template.fromStack(stack);
const adminRole = { 'Fn::GetAtt': [Match.stringLikeRegexp('AdminClientRole'), 'Arn'] };

const ONLY_THE_ADMIN_CLIENT = {
  Sid: 'OnlyTheAdminClientReads',
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'],
  Resource: '*',
  Condition: { ArnNotEquals: { 'aws:PrincipalArn': adminRole } },
};

const THE_ADMIN_CLIENT = {
  Sid: 'TheAdminClientReads', Effect: 'Allow', Principal: { AWS: adminRole }, Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], Resource: '*',
};

test.each([
  ['automation admin', cluster.adminSecret, [ONLY_THE_ADMIN_CLIENT, THE_ADMIN_CLIENT]], ['admin', cluster.sealedAdminSecret, [ONLY_THE_ADMIN_CLIENT]],
])('the secret of the %s can be read by the admin client only', (_, secret, Statement) => {
  template.hasResourceProperties('AWS::SecretsManager::ResourcePolicy', { SecretId: stack.resolve(secret.secretArn) as unknown, ResourcePolicy: { Statement } });
});

test('a given admin secret lets the admin client in by its own policy, so that it can still be read while another takes its place', () => {
  const { stack: own, vpc } = clusterFixture();
  const given = new Secret(own, 'Given');
  new Cluster(own, 'Other', { vpc, adminSecret: given });

  Template.fromStack(own).hasResourceProperties('AWS::SecretsManager::ResourcePolicy', {
    SecretId: own.resolve(given.secretArn) as unknown,
    ResourcePolicy: { Statement: [{ ...THE_ADMIN_CLIENT, Principal: { AWS: { 'Fn::GetAtt': [Match.stringLikeRegexp('OtherAdminClientRole'), 'Arn'] } } }] },
  });
});

test('the secret of a user can be read by the admin client, and by whom the user lets', () => {
  template.hasResourceProperties('AWS::SecretsManager::ResourcePolicy', {
    SecretId: stack.resolve(app.secret.secretArn) as unknown,
    ResourcePolicy: { Statement: [THE_ADMIN_CLIENT] },
  });
});

test.each([['automation admin', 'cdk_automation'], ['admin', 'admin'], ['user', 'app']])('the secret of the %s names %s', (_, username) => {
  template.hasResourceProperties('AWS::SecretsManager::Secret', { GenerateSecretString: { SecretStringTemplate: JSON.stringify({ username }) } });
});

test('no policy but the admin client\'s lets anybody read a secret', () => {
  const readers = Object.entries(template.findResources('AWS::IAM::ManagedPolicy'))
    .filter(([, policy]) => JSON.stringify(policy).includes('secretsmanager:GetSecretValue')).map(([id]) => id);

  expect(readers).toEqual([expect.stringMatching(/^ClusterAdminClientPolicy/)]);
});

test('the provider may close the secret of admin and no other', () => {
  template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([Match.objectLike({
        Action: 'secretsmanager:PutResourcePolicy', Resource: stack.resolve(cluster.sealedAdminSecret.secretArn) as unknown,
      })]),
    },
  });
});

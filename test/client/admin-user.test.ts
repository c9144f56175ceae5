import { RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PasswordRotation } from '../../src';
import type { AdminUserOptions } from '../../src';
import { clusterFixture, messageOf } from '../_helpers/stacks';

describe('an admin user', () => {
  test('is made as an admin, with a secret that names him', () => {
    const { stack, cluster } = clusterFixture();

    expect(cluster.addAdminUser('Ops').userName).toBe('ops');

    const template = Template.fromStack(stack);
    template.hasResourceProperties('Custom::CloudHSMUser', { UserName: 'ops', Role: 'admin', Adopt: 'false' });
    template.hasResourceProperties('AWS::SecretsManager::Secret', { Description: 'Admin ops of a CloudHSM cluster' });
  });

  test('changes his password in a window', () => {
    const { stack, cluster } = clusterFixture();
    cluster.addAdminUser('Ops', { rotation: PasswordRotation.maintenanceWindow() });

    Template.fromStack(stack).resourceCountIs('AWS::SecretsManager::RotationSchedule', 1);
  });

  test('leaves the templates of crypto users as they were', () => {
    const { stack, cluster } = clusterFixture();
    cluster.addCryptoUser('App');

    const [user] = Object.values(Template.fromStack(stack).findResources('Custom::CloudHSMUser'));
    expect(user.Properties).not.toHaveProperty('Role');
  });

  test.each<[string, AdminUserOptions, RegExp]>([
    ['the name of the automation admin', { userName: 'CDK_Automation' }, /^ReservedUserName: .* got CDK_Automation: .* choose another/],
    ['the name of the first admin', { userName: 'admin' }, /^ReservedUserName/],
    ['a name that the HSM does not take', { userName: 'on-call' }, /^InvalidUserName: .* got "on-call"/],
    ['turns with another', { rotation: PasswordRotation.alternatingUsers() }, /^AlternatingAdmins: rotation of an admin must be a maintenance window, got .* ops_alt/],
    ['a snapshot', { removalPolicy: RemovalPolicy.SNAPSHOT }, /^SnapshotNotSupported: removalPolicy SNAPSHOT is not possible for an admin; use DESTROY/],
  ])('fails with %s', (_title, options, message) => {
    const { cluster } = clusterFixture();

    expect(messageOf(() => cluster.addAdminUser('Ops', options))).toMatch(message);
  });
});

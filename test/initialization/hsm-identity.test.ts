import { Match, Template, Annotations as Seen } from 'aws-cdk-lib/assertions';
import { HsmIdentity } from '../../src';
import type { HsmIdentityRoots } from '../../src';
import { clusterFixture, messageOf } from '../_helpers/stacks';
import { rsaKey } from '../handlers/pki/_helpers/keys';
import { basicConstraints, certificatePem, name } from '../handlers/pki/_helpers/x509';

const root = (of: string) => certificatePem({ subject: name([['CN', of]]), key: rsaKey(of), extensions: [basicConstraints(true)] });
const ROOTS: HsmIdentityRoots = { awsRoots: [root('AWS one'), root('AWS two')], manufacturerRoots: [root('Maker')] };

test('roots go to the initialization as parameters under the prefix that its function may read, and the warning goes', () => {
  const { stack } = clusterFixture({ hsmIdentity: HsmIdentity.verify(ROOTS) });
  const template = Template.fromStack(stack);

  const [{ Properties }] = Object.values(template.findResources('Custom::CloudHSMInitialization'));
  const held = (names: Array<{ Ref: string }>) => names.map(({ Ref }) => template.findResources('AWS::SSM::Parameter')[Ref].Properties.Value as string);
  expect([held(Properties.AwsRootSources), held(Properties.ManufacturerRootSources)]).toEqual([ROOTS.awsRoots, ROOTS.manufacturerRoots]);
  const refs = [...Properties.AwsRootSources, ...Properties.ManufacturerRootSources] as Array<{ Ref: string }>;
  for (const { Ref } of refs) {
    expect(template.findResources('AWS::SSM::Parameter')[Ref].Properties.Name).toEqual({ 'Fn::Join': ['', ['/cdk-cloudhsm/certificates/', { Ref: 'AWS::StackName' }, expect.any(String)]] });
  }
  Seen.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('hsmNotVerified'));
});

test.each<[string, HsmIdentityRoots, string]>([
  ['no root of the manufacturer', { ...ROOTS, manufacturerRoots: [] },
    'NoRoots: manufacturerRoots must hold at least one root certificate, got none; give the ones that are published, or leave hsmIdentity out'],
  ['a root that is none', { ...ROOTS, awsRoots: [root('AWS one'), 'AWS_CloudHSM_Root-G1.crt'] },
    'InvalidCertificate: awsRoots[1] must be one PEM block and nothing else, got "AWS_CloudHSM_Root-G1.crt"; read it from the file that your authority wrote'],
])('%s is refused', (_, roots, text) => {
  expect(messageOf(() => clusterFixture({ hsmIdentity: HsmIdentity.verify(roots) }))).toBe(`${text} [Hsm/Cluster]`);
});

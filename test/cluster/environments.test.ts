import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, DefaultStackSynthesizer, Fn, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import type { AppProps, StackProps } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ClientInstance, Cluster } from '../../src';
import { ResourceGraph } from '../_helpers/resource-graph';
import { ENV, fixture } from '../_helpers/stacks';

/** All there is, in one stack beside its network. */
function everything(stackProps: StackProps, appProps?: AppProps): { stack: Stack; template: Template } {
  const { stack, vpc } = fixture({ app: appProps, stack: stackProps });
  const cluster = new Cluster(stack, 'Cluster', { vpc });
  cluster.addCryptoUser('App');
  new ClientInstance(stack, 'Web', { cluster });
  return { stack, template: Template.fromStack(stack) };
}

describe('a cluster synthesizes', () => {
  test('without account and Region', () => {
    const { template } = everything({ env: { account: undefined, region: undefined } });

    template.hasResourceProperties('AWS::CloudHSM::Cluster', { SubnetIds: [Match.anyValue(), Match.anyValue()] });
    expect(new ResourceGraph(template.toJSON()).circular()).toEqual([]);
  });

  test.each([
    ['us-gov-west-1', 'aws-us-gov'], ['cn-north-1', 'aws-cn'], ['us-east-1', 'aws'], ['eu-central-1', 'aws'],
  ])('in %s, with ARNs of its partition', (region) => {
    const { template } = everything({ env: { account: '111122223333', region } });

    const written = JSON.stringify(template.toJSON()).replace(/\^arn:aws\[a-z-\]\*:/g, '');
    expect(written).not.toMatch(/arn:aws/);
    expect(written).toContain(`:cloudhsm:${region}:111122223333:cluster/*`);
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({
          Principal: { Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]] } },
        })]),
      },
    });
    template.hasResourceProperties('AWS::Lambda::Function', { Runtime: Match.stringLikeRegexp('^nodejs(22|24)\\.x$') });
  });

  test('with partitions resolved early, as the feature flag has it', () => {
    const { template } = everything({ env: { account: '111122223333', region: 'us-gov-west-1' } }, { context: { '@aws-cdk/core:enablePartitionLiterals': true } });

    expect(JSON.stringify(template.toJSON())).toContain('arn:aws-us-gov:cloudhsm:us-gov-west-1:111122223333:cluster/*');
    expect(JSON.stringify(template.toJSON())).not.toContain('arn:aws:');
  });

  test('with every recommended feature flag', () => {
    const flags = JSON.parse(readFileSync(join(__dirname, '../../node_modules/aws-cdk-lib/recommended-feature-flags.json'), 'utf8')) as Record<string, unknown>;

    const { template } = everything({}, { context: flags });

    template.resourceCountIs('AWS::IAM::Policy', 0);
    expect(new ResourceGraph(template.toJSON()).circular()).toEqual([]);
  });

  test('in a stage', () => {
    const stage = new Stage(new App(), 'Prod', { env: ENV });
    const network = new Stack(stage, 'Network');
    const stack = new Stack(stage, 'Hsm');

    new Cluster(stack, 'Cluster', { vpc: new ec2.Vpc(network, 'Vpc', { maxAzs: 2 }) });

    expect(() => stage.synth()).not.toThrow();
  });

  test('in a nested stack', () => {
    const { app, stack, vpc } = fixture();
    const nested = new NestedStack(stack, 'Nested');
    const cluster = new Cluster(nested, 'Cluster', { vpc });
    cluster.addCryptoUser('App');
    new ClientInstance(nested, 'Web', { cluster });

    app.synth();

    const template = Template.fromStack(nested);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    expect(new ResourceGraph(template.toJSON()).circular()).toEqual([]);
  });

  test('with the bootstrap of a custom qualifier', () => {
    const { app, stack, vpc } = fixture({ stack: { synthesizer: new DefaultStackSynthesizer({ qualifier: 'hsmteam' }) } });
    new Cluster(stack, 'Cluster', { vpc });

    const template = app.synth().getStackByName('Hsm').template as { Resources: Record<string, { Type: string; Properties: { Code: { S3Bucket: unknown } } }> };

    const [handler] = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    expect(JSON.stringify(handler.Properties.Code.S3Bucket)).toContain('cdk-hsmteam-assets-');
  });

  test('with nothing but file assets, of which there is one', () => {
    const { app, stack, vpc } = fixture();
    new Cluster(stack, 'Cluster', { vpc });

    const manifest = JSON.parse(readFileSync(join(app.synth().directory, 'Hsm.assets.json'), 'utf8')) as { files: Record<string, { source: { packaging: string } }>; dockerImages: object };

    expect(manifest.dockerImages).toEqual({});
    expect(Object.values(manifest.files).filter(({ source }) => source.packaging === 'zip')).toHaveLength(1);
  });
});

describe('a cluster takes an imported VPC', () => {
  test('by ids', () => {
    const { stack } = fixture();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-00000000', availabilityZones: ['us-east-1a', 'us-east-1b'], privateSubnetIds: ['subnet-00000001', 'subnet-00000002'],
    });

    const cluster = new Cluster(stack, 'Cluster', { vpc });
    new ClientInstance(stack, 'Web', { cluster });

    Template.fromStack(stack).hasResourceProperties('AWS::CloudHSM::Cluster', { SubnetIds: ['subnet-00000001', 'subnet-00000002'] });
  });

  test('by lists of which only CloudFormation knows the length', () => {
    const { stack } = fixture();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: Fn.importValue('VpcId'), availabilityZones: Fn.split(',', Fn.importValue('Zones')), privateSubnetIds: Fn.split(',', Fn.importValue('Subnets')),
    });

    new Cluster(stack, 'Cluster', { vpc });

    const SubnetIds = { 'Fn::Split': [',', { 'Fn::ImportValue': 'Subnets' }] };
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::CloudHSM::Cluster', { SubnetIds });
    template.hasResourceProperties('Custom::CloudHSMPlacement', { SubnetIds });
    template.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', { VPCZoneIdentifier: SubnetIds });
  });

  test('by a lookup that has not been made yet', () => {
    const { stack } = fixture();

    new Cluster(stack, 'Cluster', { vpc: ec2.Vpc.fromLookup(stack, 'Vpc', { vpcId: 'vpc-12345678' }) });

    Template.fromStack(stack).resourceCountIs('AWS::CloudHSM::Cluster', 1);
  });

  test('by subnets of which no zone is known', () => {
    const { stack, vpc } = fixture();
    const subnets = ['subnet-00000001', 'subnet-00000002'].map((id) => ec2.Subnet.fromSubnetId(stack, id, id));

    new Cluster(stack, 'Cluster', { vpc, vpcSubnets: { subnets } });

    Template.fromStack(stack).hasResourceProperties('AWS::CloudHSM::Cluster', { SubnetIds: ['subnet-00000001', 'subnet-00000002'] });
  });
});

test('the runtime is one that is known for every Region', () => {
  for (const region of ['us-east-1', 'us-gov-west-1', 'cn-north-1', 'us-iso-east-1', undefined]) {
    const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region } });

    expect(lambda.determineLatestNodeRuntime(stack).name).toMatch(/^nodejs(22|24)\.x$/);
  }
});

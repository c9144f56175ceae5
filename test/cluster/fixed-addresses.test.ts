import { Fn, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Cluster } from '../../src';
import type { HsmPlacement } from '../../src';
import { fixture, messageOf } from '../_helpers/stacks';
import type { Fixture } from '../_helpers/stacks';

const place = (made: Fixture, ...inSubnets: Array<Omit<HsmPlacement, 'subnet'>>) => new Cluster(made.stack, 'Cluster', {
  vpc: made.vpc, placement: inSubnets.map((one, index) => ({ subnet: made.vpc.privateSubnets[index], ...one })),
});
/** An address of a subnet, by its distance from the first one. */
const addressIn = ({ vpc }: Fixture, subnet: number, host: number) => {
  const [base] = vpc.privateSubnets[subnet].ipv4CidrBlock.split('/');
  return base.replace(/\d+$/, (last) => String(Number(last) + host));
};

test('addresses go to all that make HSMs, and to the pre-flight', () => {
  const made = fixture();
  const [first, second, third] = [addressIn(made, 0, 10), addressIn(made, 0, 11), addressIn(made, 1, 10)];

  place(made, { count: 1, ipAddresses: [first, second] }, { count: 1, ipAddresses: [third] });

  const template = Template.fromStack(made.stack);
  const subnet = (index: number) => made.stack.resolve(made.vpc.privateSubnets[index].subnetId);
  const Addresses = [{ 'Fn::Join': ['', [subnet(0), `=${first},${second}`]] }, { 'Fn::Join': ['', [subnet(1), `=${third}`]] }];
  for (const type of ['Placement', 'FirstHsm', 'Fleet']) template.hasResourceProperties(`Custom::CloudHSM${type}`, { Addresses });
});

test('without addresses nothing of them is in the template', () => {
  const made = fixture();

  place(made, { count: 1 }, { count: 1, ipAddresses: undefined });

  for (const type of ['Placement', 'FirstHsm', 'Fleet']) Template.fromStack(made.stack).hasResourceProperties(`Custom::CloudHSM${type}`, { Addresses: Match.absent() });
});

test('what synth does not know is passed on', () => {
  const made = fixture();
  const subnet = ec2.Subnet.fromSubnetAttributes(made.stack, 'Imported', { subnetId: 'subnet-1', availabilityZone: 'dummy1a' });
  const other = ec2.Subnet.fromSubnetAttributes(made.stack, 'Other', { subnetId: 'subnet-2', availabilityZone: 'dummy1b' });

  new Cluster(made.stack, 'Cluster', {
    vpc: made.vpc,
    vpcSubnets: { subnets: [subnet, other] },
    placement: [
      { subnet, count: 1, ipAddresses: [Fn.importValue('Address'), '10.9.9.9'] },
      { subnet: other, count: 1, ipAddresses: Token.asList(Fn.importValue('Addresses')) },
    ],
  });

  Template.fromStack(made.stack).hasResourceProperties('Custom::CloudHSMFleet', {
    Addresses: [
      { 'Fn::Join': ['', ['subnet-1=', { 'Fn::Join': [',', [{ 'Fn::ImportValue': 'Address' }, '10.9.9.9']] }]] },
      { 'Fn::Join': ['', ['subnet-2=', { 'Fn::Join': [',', { 'Fn::ImportValue': 'Addresses' }] }]] },
    ],
  });
});

describe('a cluster fails', () => {
  const refusal = (of: (made: Fixture) => Array<Omit<HsmPlacement, 'subnet'>>) => {
    const made = fixture();
    return messageOf(() => place(made, ...of(made)));
  };

  test('with an address that is none', () => {
    expect(refusal(() => [{ count: 1, ipAddresses: ['10.0.1.300'] }])).toBe(
      'InvalidAddress: ipAddresses in placement must be IPv4 addresses such as 10.0.1.10, got "10.0.1.300" for Network/Vpc/PrivateSubnet1; give such addresses [Hsm/Cluster]',
    );
  });

  test.each([0, 3])('with one that AWS keeps, %d from the first', (host) => {
    expect(refusal((made) => [{ count: 1, ipAddresses: [addressIn(made, 0, host)] }])).toMatch(
      /^AddressOutsideSubnet: ipAddresses in placement must be from \S+ to \S+ in Network\/Vpc\/PrivateSubnet1 \(\S+, of which AWS keeps .*\), got \S+; choose addresses in that range/,
    );
  });

  test('with one of another subnet', () => {
    expect(refusal((made) => [{ count: 1, ipAddresses: [addressIn(made, 1, 10)] }])).toMatch(/^AddressOutsideSubnet/);
  });

  test('with one twice', () => {
    expect(refusal((made) => [{ count: 1, ipAddresses: [addressIn(made, 0, 10), addressIn(made, 0, 10)] }])).toMatch(/^AddressTwice: ipAddresses in placement name \S+ twice; give each HSM/);
  });

  test('with fewer than HSMs', () => {
    expect(refusal((made) => [{ count: 2, ipAddresses: [addressIn(made, 0, 10)] }])).toBe(
      'TooFewAddresses: ipAddresses in placement must be at least as many as the HSMs in Network/Vpc/PrivateSubnet1, 2, got 1; give one for each, or leave ipAddresses out [Hsm/Cluster]',
    );
  });
});

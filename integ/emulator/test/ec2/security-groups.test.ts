import * as fc from 'fast-check';
import { Network } from './network';
import { identityOf, permissionsOf } from '../../src/services/ec2/security-group-rules';
import type { RuleContent } from '../../src/services/ec2/security-group-rules';

let world: Network;
let VpcId: string;
beforeEach(() => {
  world = new Network();
  VpcId = world.vpc();
});
afterEach(() => world.stop());

const tcp = (port: number, CidrIp: string = '10.0.0.0/16'): object => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp }] });

interface Rule {
  readonly SecurityGroupRuleId: string;
  readonly IsEgress: boolean;
}

const rules = (groupId: string): Rule[] =>
  world.ec2<{ SecurityGroupRules: Rule[] }>('DescribeSecurityGroupRules', { Filters: [{ Name: 'group-id', Values: [groupId] }] }).SecurityGroupRules;

test('a new group lets everything out and nothing in', () => {
  const GroupId = world.group(VpcId, 'app');

  expect(world.ec2('DescribeSecurityGroups', { GroupIds: [GroupId] })).toMatchObject({
    SecurityGroups: [{ IpPermissions: [], IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] }],
  });
});

test('a name is used once in a VPC, and again in another', () => {
  world.group(VpcId, 'app');

  expect(world.ec2Refusal('CreateSecurityGroup', { VpcId, GroupName: 'app', Description: 'again' })).toEqual({
    code: 'InvalidGroup.Duplicate', message: `The security group 'app' already exists for VPC '${VpcId}'`,
  });
  expect(world.group(world.vpc('10.1.0.0/16'), 'app')).toMatch(/^sg-/);
});

test.each([
  ['sg-mine', 'InvalidParameterValue'], ['default', 'InvalidParameterValue'], ['emoji 🙂', 'InvalidParameterValue'],
])('the name %j is refused', (GroupName, code) => {
  expect(world.ec2Refusal('CreateSecurityGroup', { VpcId, GroupName, Description: 'x' }).code).toBe(code);
});

test('without a VPC a group goes into the default one, and is refused when there is none', () => {
  expect(world.ec2Refusal('CreateSecurityGroup', { GroupName: 'app', Description: 'x' }).code).toBe('VPCIdNotSpecified');
});

describe('authorizing', () => {
  test('answers the new rules with their ids', () => {
    const GroupId = world.group(VpcId, 'app');

    const answer = world.ec2('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [tcp(443), tcp(80)] });

    expect(answer).toMatchObject({
      Return: true,
      SecurityGroupRules: [
        { GroupId, IsEgress: false, IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIpv4: '10.0.0.0/16' },
        { FromPort: 80 },
      ],
    });
  });

  test('says which rule is there already, and adds none of the others', () => {
    const GroupId = world.group(VpcId, 'app');
    world.ec2('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [tcp(443)] });

    expect(world.ec2Refusal('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [tcp(80), tcp(443)] })).toEqual({
      code: 'InvalidPermission.Duplicate', message: 'the specified rule "peer: 10.0.0.0/16, TCP, from port: 443, to port: 443, ALLOW" already exists',
    });
    expect(rules(GroupId).filter(({ IsEgress }) => !IsEgress)).toHaveLength(1);
  });

  test('spells the default egress rule as AWS does', () => {
    const GroupId = world.group(VpcId, 'app');

    expect(world.ec2Refusal('AuthorizeSecurityGroupEgress', { GroupId, IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] }).message)
      .toBe('the specified rule "peer: 0.0.0.0/0, ALL, ALLOW" already exists');
  });

  test('takes the flat form, protocol numbers and descriptions, which do not make a rule another', () => {
    const GroupId = world.group(VpcId, 'app');
    world.ec2('AuthorizeSecurityGroupIngress', { GroupId, IpProtocol: '6', FromPort: 22, ToPort: 22, CidrIp: '10.0.0.1/16' });

    expect(world.ec2Refusal('AuthorizeSecurityGroupIngress', {
      GroupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.0.0.0/16', Description: 'ssh' }] }],
    }).code).toBe('InvalidPermission.Duplicate');
  });

  test.each([
    ['no ports', { IpProtocol: 'tcp', IpRanges: [{ CidrIp: '10.0.0.0/16' }] }, "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange."],
    ['ports the wrong way round', { IpProtocol: 'tcp', FromPort: 5, ToPort: 4, IpRanges: [{ CidrIp: '10.0.0.0/16' }] }, 'Invalid TCP port range.'],
    ['a block that is none', tcp(1, '10.0.0.0'), 'CIDR block 10.0.0.0 is malformed'],
    ['an unknown protocol', { IpProtocol: 'smoke', IpRanges: [{ CidrIp: '10.0.0.0/16' }] }, "Invalid value 'smoke' for IP protocol. Unknown protocol."],
  ])('refuses %s', (_, permission, message) => {
    const GroupId = world.group(VpcId, 'app');

    expect(world.ec2Refusal('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [permission] })).toEqual({ code: 'InvalidParameterValue', message });
  });

  test('refuses a group that is not there', () => {
    const GroupId = world.group(VpcId, 'app');

    expect(world.ec2Refusal('AuthorizeSecurityGroupIngress', {
      GroupId, IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-0123456789abcdef0' }] }],
    })).toEqual({ code: 'InvalidGroup.NotFound', message: "The security group 'sg-0123456789abcdef0' does not exist" });
  });

  test('refuses the rule beyond the quota', () => {
    const small = new Network({ overrides: new Map([['ec2/rules-per-security-group', 2]]) });
    const GroupId = small.group(small.vpc(), 'app');
    small.ec2('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [tcp(1), tcp(2)] });

    expect(small.ec2Refusal('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [tcp(3)] }).code).toBe('RulesPerSecurityGroupLimitExceeded');
    small.stop();
  });
});

describe('revoking', () => {
  test('finds a rule by its words or by its id', () => {
    const GroupId = world.group(VpcId, 'app');
    world.ec2('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [tcp(443), tcp(80)] });
    const [egress] = rules(GroupId).filter(({ IsEgress }) => IsEgress);

    world.ec2('RevokeSecurityGroupIngress', { GroupId, IpPermissions: [tcp(443)] });
    world.ec2('RevokeSecurityGroupEgress', { GroupId, SecurityGroupRuleIds: [egress.SecurityGroupRuleId] });

    expect(rules(GroupId)).toMatchObject([{ FromPort: 80 }]);
  });

  test('refuses a rule that is not there', () => {
    const GroupId = world.group(VpcId, 'app');

    expect(world.ec2Refusal('RevokeSecurityGroupIngress', { GroupId, IpPermissions: [tcp(443)] })).toEqual({
      code: 'InvalidPermission.NotFound', message: 'The specified rule does not exist in this security group.',
    });
    expect(world.ec2Refusal('RevokeSecurityGroupIngress', { GroupId, SecurityGroupRuleIds: ['sgr-0123456789abcdef0'] }).code)
      .toBe('InvalidSecurityGroupRuleId.NotFound');
  });
});

describe('deleting', () => {
  test('is refused while another group refers to it', () => {
    const [one, other] = [world.group(VpcId, 'one'), world.group(VpcId, 'other')];
    const permission = { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: one }] };
    world.ec2('AuthorizeSecurityGroupIngress', { GroupId: other, IpPermissions: [permission] });

    expect(world.ec2Refusal('DeleteSecurityGroup', { GroupId: one })).toEqual({
      code: 'DependencyViolation', message: `resource ${one} has a dependent object`,
    });
    world.ec2('RevokeSecurityGroupIngress', { GroupId: other, IpPermissions: [permission] });

    expect(world.ec2('DeleteSecurityGroup', { GroupId: one })).toMatchObject({ Return: true });
  });

  test('is refused while an interface has it', () => {
    const GroupId = world.group(VpcId, 'app');
    const { id } = world.card(world.subnet(VpcId, '10.0.0.0/24'), { Groups: [GroupId] });

    expect(world.ec2Refusal('DeleteSecurityGroup', { GroupId }).code).toBe('DependencyViolation');
    world.ec2('DeleteNetworkInterface', { NetworkInterfaceId: id });

    expect(world.ec2('DeleteSecurityGroup', { GroupId })).toMatchObject({ GroupId });
  });

  test('is no matter of references to itself', () => {
    const GroupId = world.group(VpcId, 'app');
    world.ec2('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId }] }] });

    expect(world.ec2('DeleteSecurityGroup', { GroupId })).toMatchObject({ Return: true });
    expect(rules(GroupId)).toEqual([]);
  });

  test('is refused for a VPC\'s default group', () => {
    const { SecurityGroups: [{ GroupId }] } = world.ec2<{ SecurityGroups: Array<{ GroupId: string }> }>(
      'DescribeSecurityGroups', { Filters: [{ Name: 'group-name', Values: ['default'] }] });

    expect(world.ec2Refusal('DeleteSecurityGroup', { GroupId })).toEqual({
      code: 'CannotDelete', message: `the specified group: "${GroupId}" name: "default" cannot be deleted by a user`,
    });
  });
});

test('a rule is changed under its id', () => {
  const GroupId = world.group(VpcId, 'app');
  const { SecurityGroupRules: [{ SecurityGroupRuleId }] } = world.ec2<{ SecurityGroupRules: Rule[] }>(
    'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [tcp(443)] });

  world.ec2('ModifySecurityGroupRules', {
    GroupId,
    SecurityGroupRules: [{ SecurityGroupRuleId, SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 8443, ToPort: 8443, CidrIpv4: '10.0.0.0/8' } }],
  });

  expect(world.ec2('DescribeSecurityGroupRules', { SecurityGroupRuleIds: [SecurityGroupRuleId] })).toMatchObject({
    SecurityGroupRules: [{ FromPort: 8443, CidrIpv4: '10.0.0.0/8' }],
  });
});

const content = fc.record({
  egress: fc.constant(false),
  protocol: fc.constantFrom('tcp', 'udp'),
  fromPort: fc.integer({ min: 1, max: 3 }),
  toPort: fc.integer({ min: 3, max: 5 }),
  cidr: fc.constantFrom('10.0.0.0/8', '10.0.0.0/16'),
}) as fc.Arbitrary<RuleContent>;

test('whatever is authorized in whatever order, no rule is there twice and every one is there once', () => {
  fc.assert(fc.property(fc.array(content, { maxLength: 12 }), (wanted) => {
    const fresh = new Network();
    const GroupId = fresh.group(fresh.vpc(), 'app');
    const accepted: RuleContent[] = [];
    for (const rule of wanted) {
      const input = {
        GroupId, IpPermissions: [{ IpProtocol: rule.protocol, FromPort: rule.fromPort, ToPort: rule.toPort, IpRanges: [{ CidrIp: rule.cidr }] }],
      };
      const known = accepted.some((other) => identityOf(other) === identityOf(rule));
      if (known) {
        expect(fresh.ec2Refusal('AuthorizeSecurityGroupIngress', input).code).toBe('InvalidPermission.Duplicate');
      } else {
        fresh.ec2('AuthorizeSecurityGroupIngress', input);
        accepted.push(rule);
      }
    }
    const { SecurityGroups: [{ IpPermissions }] } = fresh.ec2<{ SecurityGroups: Array<{ IpPermissions: object[] }> }>(
      'DescribeSecurityGroups', { GroupIds: [GroupId] });
    const grouped = permissionsOf(accepted.map((rule, at) => ({ ...rule, id: `sgr-${at}`, groupId: GroupId })));
    expect(JSON.parse(JSON.stringify(IpPermissions))).toEqual(JSON.parse(JSON.stringify(grouped)));
    fresh.stop();
  }), { numRuns: 20 });
});

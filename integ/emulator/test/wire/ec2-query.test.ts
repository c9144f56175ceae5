import * as ec2 from '@aws-sdk/client-ec2';
import { decoded, exchange, form } from './http-request';
import { outcome, refusing, useLoopback } from './loopback';

describe('serialization', () => {
  test.each([
    ['DescribeSubnets', 'SubnetId.1=subnet-1&SubnetId.2=subnet-2&Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1', {
      SubnetIds: ['subnet-1', 'subnet-2'], Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }],
    }],
    ['CreateTags', 'ResourceId.1=i-1&Tag.1.Key=a&Tag.1.Value=', { Resources: ['i-1'], Tags: [{ Key: 'a', Value: '' }] }],
    ['ModifyVpcAttribute', 'VpcId=vpc-1&EnableDnsHostnames.Value=true', { VpcId: 'vpc-1', EnableDnsHostnames: { Value: true } }],
  ])('decodes %s', (operation, text, input) => {
    expect(exchange('ec2', form(`Action=${operation}&Version=2016-11-15&${text}`)).decode()).toEqual({ operation, input });
  });

  test('answers with items and the names of responses', () => {
    const answer = decoded('ec2', form('Action=DescribeRegions')).encode({ Regions: [{ RegionName: 'eu-west-1', Endpoint: 'e' }] }, 'id-1');
    expect(answer.body.toString()).toBe('<?xml version="1.0" encoding="UTF-8"?>\n'
      + '<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>id-1</requestId>'
      + '<regionInfo><item><regionName>eu-west-1</regionName><regionEndpoint>e</regionEndpoint></item></regionInfo></DescribeRegionsResponse>');
  });

  test('says true where the model has no answer', () => {
    const answer = decoded('ec2', form('Action=DeleteVpc&VpcId=vpc-1')).encode({}, 'id-1');
    expect(answer.body.toString()).toContain('<requestId>id-1</requestId><return>true</return>');
  });

  test('refuses in a Response of Errors', () => {
    const answer = exchange('ec2', form('Action=X')).encodeError({ code: 'UnauthorizedOperation', message: 'no' }, 'id-1');
    expect(answer.status).toBe(403);
    expect(answer.body.toString()).toContain('<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors>'
      + '<RequestID>id-1</RequestID></Response>');
  });
});

describe('with the SDK', () => {
  const loopback = useLoopback();
  const client = (): ec2.EC2Client => new ec2.EC2Client(loopback.client);

  test('RunInstances: nested lists, and names only requests have', async () => {
    const input = {
      ImageId: 'ami-1',
      MinCount: 1,
      MaxCount: 1,
      InstanceType: 't3.micro' as const,
      SecurityGroupIds: ['sg-1', 'sg-2'],
      UserData: 'aGk=',
      IamInstanceProfile: { Name: 'p' },
      ClientToken: 'token',
      DryRun: false,
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8, Encrypted: true } }],
      TagSpecifications: [{ ResourceType: 'instance' as const, Tags: [{ Key: 'Name', Value: 'n' }] }],
      NetworkInterfaces: [{ DeviceIndex: 0, Groups: ['sg-1'], Ipv6Addresses: [{ Ipv6Address: '::1' }] }],
    };
    const reservation = {
      ReservationId: 'r-1',
      OwnerId: '1',
      Groups: [],
      Instances: [{
        InstanceId: 'i-1',
        LaunchTime: new Date('2026-09-20T10:11:12.345Z'),
        State: { Code: 0, Name: 'pending' as const },
        SecurityGroups: [{ GroupId: 'sg-1', GroupName: 'g' }],
        Tags: [],
      }],
    };
    loopback.answer = () => reservation;

    const output = await outcome(client().send(new ec2.RunInstancesCommand(input)));

    expect(loopback.last).toMatchObject({ service: 'ec2', operation: 'RunInstances', protocol: 'ec2', input });
    expect(output).toEqual(reservation);
  });

  test('permissions of a group go in and come out', async () => {
    const IpPermissions = [
      { IpProtocol: 'tcp', FromPort: 2223, ToPort: 2225, IpRanges: [{ CidrIp: '10.0.0.0/16' }] },
      { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-2', Description: 'd' }] },
    ];
    loopback.answer = ({ operation }) => (operation === 'DescribeSecurityGroups' ? { SecurityGroups: [{ GroupId: 'sg-1', IpPermissions }] } : { Return: true });

    await client().send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId: 'sg-1', IpPermissions }));
    expect(loopback.last.input).toEqual({ GroupId: 'sg-1', IpPermissions });
    const found = await client().send(new ec2.DescribeSecurityGroupsCommand({ Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }], MaxResults: 5 }));
    expect(loopback.last.input).toEqual({ Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }], MaxResults: 5 });
    expect(found.SecurityGroups).toEqual([{ GroupId: 'sg-1', IpPermissions }]);
  });

  test('errors', async () => {
    loopback.answer = refusing('InvalidGroup.NotFound', 'The security group \'sg-1\' does not exist');
    await expect(client().send(new ec2.DescribeSecurityGroupsCommand({ GroupIds: ['sg-1'] }))).rejects.toMatchObject({
      name: 'InvalidGroup.NotFound', message: 'The security group \'sg-1\' does not exist', $metadata: { httpStatusCode: 400 },
    });
  });
});

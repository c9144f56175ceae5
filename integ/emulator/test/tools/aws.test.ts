import { search } from '../../src/compute/tools/aws/jmespath';
import { dashed } from '../../src/compute/tools/aws/names';
import { printText } from '../../src/compute/tools/aws/print';
import { parseOption } from '../../src/compute/tools/aws/values';
import { loadModel } from '../../src/wire/model';

const DATA = {
  Clusters: [
    { ClusterId: 'cluster-b', State: 'ACTIVE', Hsms: [{ Id: 1, Ip: '10.0.0.1' }, { Id: 2, Ip: '10.0.0.2' }] },
    { ClusterId: 'cluster-a', State: 'DELETED', Hsms: [] },
  ],
  Map: { one: 1, two: 2 },
};

describe('queries', () => {
  test.each<[string, unknown]>([
    ['Clusters[0].State', 'ACTIVE'],
    ['Clusters[-1].ClusterId', 'cluster-a'],
    ['Clusters[].Hsms[].Ip', ['10.0.0.1', '10.0.0.2']],
    ['Clusters[*].Hsms[*].Ip', [['10.0.0.1', '10.0.0.2'], []]],
    ['Clusters[?State==\'ACTIVE\'].ClusterId | [0]', 'cluster-b'],
    ['Clusters[?length(Hsms)>`1`].{id: ClusterId, n: length(Hsms)}', [{ id: 'cluster-b', n: 2 }]],
    ['Clusters[].[ClusterId,State]', [['cluster-b', 'ACTIVE'], ['cluster-a', 'DELETED']]],
    ['sort_by(Clusters, &ClusterId)[].ClusterId', ['cluster-a', 'cluster-b']],
    ['Clusters[?State!=`DELETED` && contains(ClusterId, \'b\')] | length(@)', 1],
    ['join(\',\', Clusters[].ClusterId)', 'cluster-b,cluster-a'],
    ['Map.*', [1, 2]],
    ['Clusters[0].Hsms[:1].Id', [1]],
    ['Clusters[0].Hsms[::-1].Id', [2, 1]],
    ['Nothing.At.All', null],
    ['Nothing || Map.one', 1],
    ['!Nothing', true],
    ['"Map"."two"', 2],
  ])('%s', (query, expected) => {
    expect(search(query, DATA)).toEqual(expected);
  });

  test('are refused when they are none', () => {
    expect(() => search('Clusters[', DATA)).toThrow('Bad value for --query');
    expect(() => search('nonsense(@)', DATA)).toThrow('Unknown function: nonsense()');
  });
});

test.each([
  ['DescribeClusters', 'describe-clusters'], ['DescribeDBInstances', 'describe-db-instances'], ['GetParametersByPath', 'get-parameters-by-path'],
  ['CreateVPCAssociationAuthorization', 'create-vpc-association-authorization'], ['ListSAMLProviders', 'list-saml-providers'], ['HsmIPs', 'hsm-ips'],
])('%s is %s on the command line', (name, expected) => {
  expect(dashed(name)).toBe(expected);
});

test('text output has a line per record, fields in the order of their names', () => {
  expect(printText({ B: 'two', A: 'one', List: [{ X: 1, Y: true }, { X: 2 }], Names: ['a', 'b'] })).toBe('one\ttwo\nLIST\t1\tTrue\nLIST\t2\t\nNAMES\ta\nNAMES\tb\n');
  expect(printText(['a', 'b'])).toBe('a\tb\n');
  expect(printText(null)).toBe('None\n');
});

test.each<[string, string, string, string[], unknown]>([
  ['ssm', 'SendCommand', 'Parameters', ['commands=ls,pwd,workingDirectory=/tmp'], { commands: ['ls', 'pwd'], workingDirectory: ['/tmp'] }],
  ['ssm', 'SendCommand', 'Parameters', ['{"commands":["a,b"]}'], { commands: ['a,b'] }],
  ['ssm', 'SendCommand', 'InstanceIds', ['i-1', 'i-2'], ['i-1', 'i-2']],
  ['ssm', 'SendCommand', 'Targets', ['Key=tag:Name,Values=a,b'], [{ Key: 'tag:Name', Values: ['a', 'b'] }]],
  ['ec2', 'DescribeInstances', 'Filters', ['Name=instance-state-name,Values=running', 'Name=vpc-id,Values=vpc-1'],
    [{ Name: 'instance-state-name', Values: ['running'] }, { Name: 'vpc-id', Values: ['vpc-1'] }]],
  ['ssm', 'PutParameter', 'Tags', ['Key=a,Value="x,y"', 'Key=b,Value=z'], [{ Key: 'a', Value: 'x,y' }, { Key: 'b', Value: 'z' }]],
  ['kms', 'Encrypt', 'Plaintext', ['aGk='], Buffer.from('hi')],
  ['kms', 'Encrypt', 'EncryptionContext', ['a=1,b=2'], { a: '1', b: '2' }],
  ['ssm', 'GetParametersByPath', 'MaxResults', ['5'], 5],
])('%s %s --%s %j', (service, operation, member, values, expected) => {
  const { shape } = loadModel(service).operations.get(operation)!.input!.members.get(member)!;

  expect(parseOption(dashed(member), shape, values, true)).toEqual(expected);
});

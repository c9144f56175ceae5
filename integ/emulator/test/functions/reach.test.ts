import { Stage } from './stage';
import { ec2 } from '../../src/services/ec2/service';
import type { Service } from '../../src/wire/operation';

const MINUTE = 60_000;

/** Something to call. */
const kms: Service = { name: 'kms', operations: { ListKeys: () => ({ Keys: [] }) } };

let stage: Stage;
let VpcConfig: { SubnetIds: string[]; SecurityGroupIds: string[] };
let VpcId: string;

beforeEach(async () => {
  stage = await Stage.open({ services: [ec2, kms] });
  VpcId = stage.call<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' }).Vpc.VpcId;
  stage.call('ec2', 'ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: true } });
  const { Subnet } = stage.call<{ Subnet: { SubnetId: string } }>('ec2', 'CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24' });
  const { GroupId } = stage.call<{ GroupId: string }>('ec2', 'CreateSecurityGroup', { VpcId, GroupName: 'function', Description: 'of a function' });
  VpcConfig = { SubnetIds: [Subnet.SubnetId], SecurityGroupIds: [GroupId] };
});

afterEach(() => stage.close());

const HOST = 'kms.us-east-1.amazonaws.com';

async function run(code: string, settings: object = {}): Promise<unknown> {
  await stage.create('inside', code, { VpcConfig, ...settings });
  const { value, FunctionError } = await stage.invoke('inside');
  return FunctionError ? { FunctionError, value } : value;
}

/** Notes how a call ends and how much of the function's time it took. */
const timed = (call: string): string => `exports.handler = async () => {
  const from = Date.now();
  const { name, code, message, cause } = await (${call})().catch((error) => error);
  return { seconds: (Date.now() - from) / 1000, name, code: code ?? cause?.code, message };
};`;

async function endpoint(service: string = 'kms', cidr: string = '10.0.0.0/16'): Promise<{ endpointId: string }> {
  const { GroupId: groupId } = stage.call<{ GroupId: string }>('ec2', 'CreateSecurityGroup', { VpcId, GroupName: 'endpoint', Description: 'of an endpoint' });
  stage.call('ec2', 'AuthorizeSecurityGroupIngress', {
    GroupId: groupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: cidr }] }],
  });
  const { VpcEndpoint } = stage.call<{ VpcEndpoint: { VpcEndpointId: string } }>('ec2', 'CreateVpcEndpoint', {
    VpcId, ServiceName: `com.amazonaws.us-east-1.${service}`, VpcEndpointType: 'Interface', SubnetIds: VpcConfig.SubnetIds, SecurityGroupIds: [groupId],
  });
  await stage.kernel.advance(10 * MINUTE);
  return { endpointId: VpcEndpoint.VpcEndpointId };
}

const REQUEST = `() => new Promise((resolve, reject) => require('node:https').get('https://${HOST}/', resolve).on('error', reject))`;
const SDK = (options: string): string => `() => { const { KMS } = require('@aws-sdk/client-kms'); return new KMS(${options}).listKeys({}); }`;

test('a request that nobody answers ends as the system gives up, in emulated time', async () => {
  expect(await run(timed(REQUEST))).toEqual({
    seconds: 127, name: 'Error', code: 'ETIMEDOUT', message: expect.stringMatching(/^connect ETIMEDOUT \d+\.\d+\.\d+\.\d+:443$/),
  });
});

test('a client with a connection timeout shows its own', async () => {
  const result = await run(timed(SDK('{ maxAttempts: 1, requestHandler: { connectionTimeout: 3_000 } }')));

  expect(result).toMatchObject({ name: 'TimeoutError', seconds: 3 });
});

test('a client without one shows what the system says', async () => {
  const result = await run(timed(SDK('{ maxAttempts: 1 }')));

  expect(result).toMatchObject({ code: 'ETIMEDOUT', seconds: 127 });
});

test('fetch gives up after its own ten seconds', async () => {
  const { seconds, ...error } = await run(timed(`() => fetch('https://${HOST}/')`)) as { seconds: number };

  expect(error).toMatchObject({ name: 'TypeError', code: 'UND_ERR_CONNECT_TIMEOUT' });
  // Its timers are coarse.
  expect(Math.floor(seconds)).toBe(10);
});

test('a function that is out of time before is ended as such', async () => {
  expect(await run(timed(REQUEST), { Timeout: 20 })).toMatchObject({ FunctionError: 'Unhandled', value: { errorMessage: expect.stringContaining('Task timed out after 20.00 seconds') } });
  expect(stage.kernel.now).toBeLessThan(10 * MINUTE);
});

test('a call that is answered later goes on beside one that is not answered', async () => {
  await endpoint('lambda');
  await stage.create('slow', 'exports.handler = () => new Promise((done) => setTimeout(done, 300_000, "slow"));');
  const value = await run(timed(`async () => {
    const dead = new Promise((_, reject) => require('node:https').get('https://sns.us-east-1.amazonaws.com/', () => undefined).on('error', reject));
    const { Lambda } = require('@aws-sdk/client-lambda');
    const alive = new Lambda({}).invoke({ FunctionName: 'slow' });
    return { name: 'settled', message: await Promise.allSettled([dead, alive]).then((all) => all.map(({ status }) => status).join()) };
  }`));

  expect(value).toMatchObject({ name: 'settled', message: 'rejected,fulfilled', seconds: expect.any(Number) });
  expect((value as { seconds: number }).seconds).toBeGreaterThanOrEqual(300);
});

test('by an endpoint the call arrives, and its record says by what it came', async () => {
  const { endpointId } = await endpoint();

  expect(await run('exports.handler = async () => { const { KMS } = require("@aws-sdk/client-kms"); return (await new KMS({}).listKeys({})).Keys; }')).toEqual([]);
  expect(stage.calls.records.find(({ operation }) => operation === 'ListKeys')?.hops).toContain(`endpoint ${endpointId}`);
});

test('a rule of the endpoint that is for others is silence', async () => {
  await endpoint('kms', '10.9.0.0/16');

  expect(await run(timed(REQUEST))).toMatchObject({ code: 'ETIMEDOUT' });
});

test('a VPC without DNS has no address for it', async () => {
  stage.call('ec2', 'ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: false } });
  stage.call('ec2', 'ModifyVpcAttribute', { VpcId, EnableDnsSupport: { Value: false } });

  expect(await run(timed(REQUEST))).toMatchObject({ code: 'ENOTFOUND', seconds: 0 });
});

test('a program that the function starts has no emulated time and is told at once', async () => {
  const value = await run(`const { execFileSync } = require('node:child_process');
    exports.handler = async () => execFileSync(process.execPath, ['-e', 'fetch("https://${HOST}/").catch((error) => console.log(error.cause.code))']).toString().trim();`);

  expect(value).toBe('ETIMEDOUT');
});

test('a call by the emulator\'s own address is held up as well', async () => {
  const code = `exports.handler = async () => { const { KMS } = require('@aws-sdk/client-kms');
    return new KMS({ endpoint: '${stage.host.endpoint()}', maxAttempts: 1, requestHandler: { requestTimeout: 2_000 } }).listKeys({}); };`;

  expect(await run(code, { Timeout: 30 })).toMatchObject({ FunctionError: 'Unhandled' });
  expect(stage.calls.records.filter(({ operation }) => operation === 'ListKeys')).toEqual([expect.objectContaining({ error: 'Unreachable' })]);
});

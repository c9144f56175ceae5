import { createHash } from 'node:crypto';
import type { ToolContext } from './tool';

interface MetadataRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: ReadonlyMap<string, string>;
}

interface MetadataAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export function isMetadataHost(host: string): boolean {
  return host === '169.254.169.254' || host === '[fd00:ec2::254]';
}

/** The instance metadata service, version 2; version 1 unless the instance requires tokens. */
export function metadata(context: ToolContext, { method, url, headers }: MetadataRequest): MetadataAnswer {
  const token = createHash('sha256').update(`imds/${context.instance.instanceId}`).digest('base64');
  if (url.pathname === '/latest/api/token') {
    if (method !== 'PUT') return plain(405, '');
    const seconds = Number(headers.get('x-aws-ec2-metadata-token-ttl-seconds'));
    return seconds >= 1 && seconds <= 21_600 ? plain(200, token) : plain(400, '');
  }
  const given = headers.get('x-aws-ec2-metadata-token');
  if (given !== undefined ? given !== token : context.instance.tokensRequired) return plain(401, '');
  const path = url.pathname.replace(/\/+$/, '').replace(/^\/(latest|20\d\d-\d\d-\d\d)/, '');
  const value = path === '/dynamic/instance-identity/document' ? identity(context) : lookUp(context, path.replace(/^\/meta-data\/?/, ''));
  return value === undefined ? plain(404, '') : plain(200, value);
}

function lookUp(context: ToolContext, path: string): string | undefined {
  const { instance, region } = context;
  const interfacePath = `network/interfaces/macs/${instance.mac}`;
  const values: Readonly<Record<string, string | undefined>> = {
    'ami-id': instance.imageId,
    'instance-id': instance.instanceId,
    'instance-type': instance.instanceType,
    'local-ipv4': instance.address,
    'local-hostname': instance.hostname,
    'hostname': instance.hostname,
    'mac': instance.mac,
    'placement/availability-zone': instance.availabilityZone,
    'placement/region': region,
    'services/domain': region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com',
    'network/interfaces/macs': `${instance.mac}/`,
    [`${interfacePath}/vpc-id`]: instance.vpcId,
    [`${interfacePath}/subnet-id`]: instance.subnetId,
    [`${interfacePath}/local-ipv4s`]: instance.address,
    [`${interfacePath}/security-group-ids`]: instance.securityGroupIds.join('\n'),
    'iam/security-credentials': instance.roleName,
  };
  if (path === '') return 'ami-id\nhostname\niam/\ninstance-id\ninstance-type\nlocal-hostname\nlocal-ipv4\nmac\nnetwork/\nplacement/\nservices/';
  if (instance.roleName !== undefined && path === `iam/security-credentials/${instance.roleName}`) return credentials(context);
  return values[path];
}

function credentials(context: ToolContext): string {
  const { accessKeyId, secretAccessKey, sessionToken } = context.credentials();
  return JSON.stringify({
    Code: 'Success',
    LastUpdated: stamp(context.wallTime),
    Type: 'AWS-HMAC',
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken,
    Expiration: stamp(context.wallTime + 6 * 3_600_000),
  }, undefined, 2);
}

function identity({ account, region, instance }: ToolContext): string {
  return JSON.stringify({
    accountId: account,
    architecture: instance.architecture,
    availabilityZone: instance.availabilityZone,
    imageId: instance.imageId,
    instanceId: instance.instanceId,
    instanceType: instance.instanceType,
    privateIp: instance.address,
    region,
    version: '2017-09-30',
  }, undefined, 2);
}

function stamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

function plain(status: number, text: string): MetadataAnswer {
  return { status, headers: { 'content-type': 'text/plain' }, body: Buffer.from(text, 'utf8') };
}

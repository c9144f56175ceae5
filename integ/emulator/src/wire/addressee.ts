import type { HttpRequest } from './http';
import { header, parseQuery } from './http';
import { modelIndex } from './model';
import { bucketOfHost } from './s3-host';

/** To whom a request is addressed and whose key it is signed with. */
export interface Addressee {
  /** As in `models/`; absent when the request names a service there is no model of, or none at all. */
  readonly service?: string;
  /** What the request said, for the refusal. */
  readonly asked: string;
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly securityToken?: string;
  readonly by: 'signature' | 'presigned' | 'target' | 'host' | 'version' | 'nothing';
}

interface Names {
  readonly bySigningName: ReadonlyMap<string, string>;
  readonly byTargetPrefix: ReadonlyMap<string, string>;
  readonly byEndpointPrefix: ReadonlyMap<string, string>;
  readonly byVersion: ReadonlyMap<string, string>;
}

/** Names services have in signatures, targets and hosts beside those of their models. */
const ALSO_SIGNED_AS: Readonly<Record<string, string>> = { 's3express': 's3', 's3-object-lambda': 's3' };

let names: Names | undefined;

function namesOfServices(): Names {
  const entries = Object.entries(modelIndex());
  names ??= {
    bySigningName: new Map([...entries.map(([service, entry]): [string, string] => [entry.signingName, service]), ...Object.entries(ALSO_SIGNED_AS)]),
    byTargetPrefix: new Map(entries.filter(([, entry]) => entry.targetPrefix).map(([service, entry]) => [String(entry.targetPrefix), service])),
    byEndpointPrefix: new Map(entries.map(([service, entry]) => [entry.endpointPrefix, service])),
    byVersion: new Map(entries.filter(([, { protocols }]) => protocols.includes('query') || protocols.includes('ec2'))
      .map(([service, entry]) => [entry.apiVersion, service])),
  };
  return names;
}

/** Finds the service by the credential scope, a presigned credential, the target, the host, or the form's version, in this order. */
export function resolveService(http: HttpRequest): Addressee {
  const { bySigningName } = namesOfServices();
  const signature = credentialOfHeader(header(http.headers, 'authorization'));
  const presigned = signature ? undefined : credentialOfQuery(http.rawQuery);
  const credential = signature ?? presigned;
  if (credential) {
    return {
      service: bySigningName.get(credential.service),
      asked: credential.service,
      region: credential.region,
      accessKeyId: credential.accessKeyId,
      securityToken: header(http.headers, 'x-amz-security-token') ?? presigned?.securityToken,
      by: signature ? 'signature' : 'presigned',
    };
  }
  return unsigned(http);
}

interface Credential {
  readonly accessKeyId: string;
  readonly region?: string;
  readonly service: string;
  readonly securityToken?: string;
}

function credentialOfHeader(authorization: string | undefined): Credential | undefined {
  const scope = /^AWS4-[A-Z0-9-]+ .*Credential=([^,\s]+)/.exec(authorization ?? '')?.[1];
  return scope === undefined ? undefined : credentialOfScope(scope);
}

function credentialOfQuery(rawQuery: string): Credential | undefined {
  if (/(?:^|&)AWSAccessKeyId=/.test(rawQuery)) return credentialOfOldQuery(parseQuery(rawQuery));
  if (!rawQuery.includes('X-Amz-Credential')) return undefined;
  const query = parseQuery(rawQuery);
  const credential = credentialOfScope(query.get('X-Amz-Credential')?.[0] ?? '');
  return credential && { ...credential, securityToken: query.get('X-Amz-Security-Token')?.[0] };
}

/** An address that was signed for S3 by version 2, as boto3 does unless told otherwise. */
function credentialOfOldQuery(query: ReadonlyMap<string, readonly string[]>): Credential | undefined {
  const [accessKeyId] = query.get('AWSAccessKeyId') ?? [];
  if (accessKeyId === undefined || !query.has('Signature') || !query.has('Expires')) return undefined;
  return { accessKeyId, service: 's3', securityToken: query.get('x-amz-security-token')?.[0] };
}

/** `<key>/<date>/<region>/<service>/aws4_request`; SigV4A has no region. */
function credentialOfScope(scope: string): Credential | undefined {
  const parts = scope.split('/');
  const [accessKeyId, , region, service] = parts;
  if (parts.length === 5) return { accessKeyId, region, service };
  return parts.length === 4 ? { accessKeyId, service: region } : undefined;
}

function unsigned(http: HttpRequest): Addressee {
  const { byTargetPrefix, byVersion } = namesOfServices();
  const target = header(http.headers, 'x-amz-target');
  if (target !== undefined) {
    const prefix = target.slice(0, target.lastIndexOf('.'));
    return { service: byTargetPrefix.get(prefix), asked: target, region: ofHost(header(http.headers, 'host')).region, by: 'target' };
  }
  const host = header(http.headers, 'host') ?? '';
  const { service, region } = ofHost(host);
  if (service) return { service, asked: host, region, by: 'host' };
  const version = parseQuery(http.rawQuery).get('Version')?.[0] ?? parseQuery(http.body.subarray(0, 64 * 1024).toString('utf8')).get('Version')?.[0];
  if (version) return { service: byVersion.get(version), asked: `version ${version}`, by: 'version' };
  return { asked: host, by: 'nothing' };
}

/** `sts.amazonaws.com`, `cloudhsmv2.eu-west-1.amazonaws.com`, `cloudhsmv2-fips.us-east-1.api.aws`, `vpce-1.kms.us-east-1.vpce.amazonaws.com`. */
export function ofHost(host: string | undefined): { readonly service?: string; readonly region?: string } {
  const name = (host ?? '').replace(/:\d+$/, '').toLowerCase();
  const domain = /\.(?:vpce\.)?(?:amazonaws\.com(?:\.cn)?|api\.aws)$/.exec(name);
  if (!domain) return bucketOfHost(host) === undefined ? {} : { service: 's3' };
  const labels = name.slice(0, domain.index).split('.');
  const regionAt = labels.map((label) => /^[a-z]{2}(?:-[a-z]+)+-\d$/.test(label)).lastIndexOf(true);
  const region = regionAt < 0 ? undefined : labels[regionAt];
  if (bucketOfHost(host) !== undefined || labels.includes('s3')) return { service: 's3', region };
  const { byEndpointPrefix } = namesOfServices();
  const before = (regionAt < 0 ? labels : labels.slice(0, regionAt)).map((label) => label.replace(/-fips$/, ''));
  // `api.ecr`, `api.pricing` have two labels.
  const service = byEndpointPrefix.get(before.slice(-2).join('.')) ?? byEndpointPrefix.get(before.at(-1) ?? '');
  return { service, region };
}

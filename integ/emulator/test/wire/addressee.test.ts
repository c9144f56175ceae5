import { httpRequest } from './http-request';
import { ofHost, resolveService } from '../../src/wire/addressee';
import { bucketOfHost } from '../../src/wire/s3-host';

function signed(scope: string): { authorization: string } {
  return { authorization: `AWS4-HMAC-SHA256 Credential=ASIAX/20260920/${scope}/aws4_request, SignedHeaders=host, Signature=0` };
}

test.each([
  ['eu-west-1/cloudhsm', 'cloudhsmv2'], ['us-east-1/states', 'stepfunctions'], ['us-east-1/monitoring', 'cloudwatch'], ['us-east-1/ecr', 'ecr'],
  ['us-east-1/tagging', 'resourcegroupstaggingapi'], ['us-east-1/s3', 's3'], ['us-east-1/servicequotas', 'servicequotas'], ['us-east-1/dynamodb', undefined],
  ['us-east-1/acm-pca', 'acm-pca'], ['us-east-1/cloudcontrolapi', 'cloudcontrol'],
])('a signature for %s is for %s', (scope, service) => {
  const [region, asked] = scope.split('/');
  const headers = { ...signed(scope), 'x-amz-security-token': 'token' };
  expect(resolveService(httpRequest({ headers }))).toEqual({ service, asked, region, accessKeyId: 'ASIAX', securityToken: 'token', by: 'signature' });
});

test('a presigned URL names key, token and service in its query', () => {
  const rawQuery = 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIAX%2F20260920%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Security-Token=t%2Fo';
  expect(resolveService(httpRequest({ method: 'GET', path: '/b/k', rawQuery }))).toEqual({
    service: 's3', asked: 's3', region: 'eu-west-1', accessKeyId: 'ASIAX', securityToken: 't/o', by: 'presigned',
  });
});

test('unsigned requests are known by target, host or the form\'s version', () => {
  expect(resolveService(httpRequest({ headers: { 'x-amz-target': 'BaldrApiService.DescribeClusters' } }))).toMatchObject({ service: 'cloudhsmv2', by: 'target' });
  expect(resolveService(httpRequest({ headers: { host: 'sts.eu-west-1.amazonaws.com' } }))).toMatchObject({ service: 'sts', region: 'eu-west-1', by: 'host' });
  expect(resolveService(httpRequest({ body: 'Action=AssumeRoleWithWebIdentity&Version=2011-06-15' }))).toMatchObject({ service: 'sts', by: 'version' });
  expect(resolveService(httpRequest({ headers: { host: '127.0.0.1:4566' } }))).toEqual({ asked: '127.0.0.1:4566', by: 'nothing' });
});

test.each([
  ['cloudhsmv2.eu-west-1.amazonaws.com', 'cloudhsmv2', 'eu-west-1'],
  ['cloudhsmv2-fips.us-east-1.api.aws', 'cloudhsmv2', 'us-east-1'],
  ['cloudhsmv2.cn-north-1.amazonaws.com.cn', 'cloudhsmv2', 'cn-north-1'],
  ['vpce-0a1b-c2d3.cloudhsmv2.us-gov-west-1.vpce.amazonaws.com', 'cloudhsmv2', 'us-gov-west-1'],
  ['iam.amazonaws.com', 'iam', undefined],
  ['states.us-east-1.amazonaws.com:443', 'stepfunctions', 'us-east-1'],
  ['api.ecr.us-east-1.amazonaws.com', 'ecr', 'us-east-1'],
  ['cloudformation-custom-resource-response-useast1.s3.us-east-1.amazonaws.com', 's3', 'us-east-1'],
  ['s3.amazonaws.com', 's3', undefined],
  ['example.com', undefined, undefined],
])('%s is the host of %s in %s', (host, service, region) => {
  const found = ofHost(host);
  expect([found.service, found.region]).toEqual([service, region]);
});

test.each([
  ['b.s3.amazonaws.com', 'b'], ['a.b.s3.eu-west-1.amazonaws.com', 'a.b'], ['b.s3.dualstack.eu-west-1.amazonaws.com', 'b'], ['b.s3-eu-west-1.amazonaws.com', 'b'],
  ['b.s3.cn-north-1.amazonaws.com.cn', 'b'], ['b.localhost:4566', 'b'], ['b.s3.localhost', 'b'], ['s3.eu-west-1.amazonaws.com', undefined],
  ['localhost:4566', undefined], ['127.0.0.1:1', undefined], ['kms.eu-west-1.amazonaws.com', undefined], [undefined, undefined],
])('%s holds the bucket %s', (host, bucket) => {
  expect(bucketOfHost(host)).toBe(bucket);
});

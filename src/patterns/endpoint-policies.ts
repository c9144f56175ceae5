import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EndpointUse } from './endpoint-use';

/** Principals of the endpoint's own account may do whatever their policies let them. */
export function restrictInterface(endpoint: ec2.VpcEndpoint): void {
  endpoint.addToPolicy(new iam.PolicyStatement({
    principals: [new iam.AnyPrincipal()],
    actions: ['*'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:PrincipalAccount': Stack.of(endpoint).account } },
  }));
}

/**
 * Beyond that, the buckets of AWS: whoever installs a package reads without a name, and the URL to which the answer for a custom resource is written
 * is signed by CloudFormation.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
 */
export function restrictS3(endpoint: ec2.GatewayVpcEndpoint, uses: readonly EndpointUse[]): void {
  restrictInterface(endpoint);
  const { partition, region } = Stack.of(endpoint);
  if (uses.includes(EndpointUse.CLIENTS)) {
    const packages = [`al2023-repos-${region}-de612dc2`, 'cloudhsmv2-software'];
    endpoint.addToPolicy(new iam.PolicyStatement({
      principals: [new iam.AnyPrincipal()], actions: ['s3:GetObject'], resources: packages.map((bucket) => `arn:${partition}:s3:::${bucket}/*`),
    }));
  }
  if (uses.some((use) => use !== EndpointUse.CLIENTS)) {
    endpoint.addToPolicy(new iam.PolicyStatement({
      principals: [new iam.AnyPrincipal()], actions: ['s3:PutObject'], resources: [`arn:${partition}:s3:::cloudformation-custom-resource-response-*/*`],
    }));
  }
}

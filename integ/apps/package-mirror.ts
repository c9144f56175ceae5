import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as s3 from 'aws-cdk-lib/aws-s3';

export interface PackageMirrorOptions {
  readonly bucketName: string;
  /** Version of the packages, for instance `5.18.0`. */
  readonly version: string;
  /** Names of the packages. */
  readonly packages: readonly string[];
  readonly architecture: 'aarch64' | 'x86_64';
}

/** A bucket, and an instance that fetches AWS's client packages into it when it boots. */
export function packageMirror({ bucketName, version, packages, architecture }: PackageMirrorOptions): (app: App) => void {
  return (app) => {
    const stack = new Stack(app, 'Mirror');
    const bucket = new s3.Bucket(stack, 'Packages', { bucketName, removalPolicy: RemovalPolicy.RETAIN });
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0, subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }] });
    const userData = ec2.UserData.forLinux();
    userData.addCommands('set -e', ...packages.flatMap((name) => {
      const file = `${name}-${version}-1.amzn2023.${architecture}.rpm`;
      return [
        `curl --fail --silent --output /tmp/${file} https://s3.amazonaws.com/cloudhsmv2-software/CloudHsmClient/Amzn2023/${file}`,
        `aws s3 cp --no-progress /tmp/${file} s3://${bucketName}/${file}`,
      ];
    }));
    const instance = new ec2.Instance(stack, 'Fetcher', {
      vpc,
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MICRO),
      machineImage: ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64 }),
      userData,
    });
    bucket.grantWrite(instance);
    instance.node.addDependency(bucket);
  };
}

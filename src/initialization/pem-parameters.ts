import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';

/** A certificate as a parameter of the stack: a custom resource's properties would carry it into logs and histories. */
export function pemParameter(scope: Construct, id: string, pem: string, description: string): ssm.StringParameter {
  return new ssm.StringParameter(scope, id, { stringValue: pem, description });
}

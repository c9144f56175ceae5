import { Aws, Names } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { PARAMETER_PREFIX } from '../lifecycle/resource-contract';

/**
 * A certificate as a parameter of the stack: a custom resource's properties would carry it into logs and histories.
 *
 * Under the prefix that the lifecycle function may always read: leave of its own would come and go with the parameter, and in a rollback come back too late.
 */
export function pemParameter(scope: Construct, id: string, pem: string, description: string): ssm.StringParameter {
  return new ssm.StringParameter(scope, id, {
    parameterName: `${PARAMETER_PREFIX}/certificates/${Aws.STACK_NAME}/${Names.uniqueResourceName(scope, { maxLength: 60 })}-${id}`,
    simpleName: false,
    stringValue: pem,
    description,
  });
}

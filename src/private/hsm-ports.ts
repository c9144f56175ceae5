import * as ec2 from 'aws-cdk-lib/aws-ec2';

/**
 * Ports on which clients talk to HSMs.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/configure-sg.html
 */
export const HSM_PORTS = ec2.Port.tcpRange(2223, 2225);

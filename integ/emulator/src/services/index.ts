import { acmPca } from './acm-pca/service';
import { autoscaling } from './autoscaling/service';
import { cloudhsmServices } from './cloudhsm';
import { cloudtrail } from './cloudtrail/service';
import { cloudwatch } from './cloudwatch/service';
import { ec2 } from './ec2/service';
import { ecr } from './ecr/service';
import { events } from './events/service';
import { iam } from './iam/service';
import { kms } from './kms/service';
import { lambda } from './lambda/service';
import { logs } from './logs/service';
import { s3 } from './s3/service';
import { secretsmanager } from './secretsmanager/service';
import { servicequotas } from './servicequotas/service';
import { sns } from './sns/service';
import { sqs } from './sqs/service';
import { ssm } from './ssm/service';
import { stepfunctions } from './stepfunctions/service';
import { sts } from './sts/service';
import { cloudformation } from '../cloudformation/service';
import type { Service } from '../wire/operation';

export { publishImage } from './ec2/images';

/** Everything that is emulated. */
export function services(): Service[] {
  return [
    acmPca, autoscaling, cloudformation, ...cloudhsmServices(), cloudtrail, cloudwatch, ec2, ecr, events, iam, kms, lambda, logs, s3, secretsmanager,
    servicequotas, sns, sqs, ssm, stepfunctions, sts,
  ];
}

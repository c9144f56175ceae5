import type { Row } from '../row-handler';
import { AUTHORITIES } from './authorities';
import { AUTOSCALING } from './autoscaling';
import { EC2_INSTANCE } from './ec2-instance';
import { EC2_NETWORK } from './ec2-network';
import { IAM } from './iam';
import { LAMBDA } from './lambda';
import { MESSAGING } from './messaging';
import { MONITORING } from './monitoring';
import { SECRETS } from './secrets';
import { STORAGE } from './storage';

/** Every ordinary type, by name. What is not here is recorded. */
export const ROWS: { readonly [type: string]: Row } = {
  ...EC2_NETWORK,
  ...EC2_INSTANCE,
  ...AUTOSCALING,
  ...IAM,
  ...LAMBDA,
  ...STORAGE,
  ...SECRETS,
  ...MONITORING,
  ...MESSAGING,
  ...AUTHORITIES,
};

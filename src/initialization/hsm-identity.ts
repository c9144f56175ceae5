import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { pemParameter } from './pem-parameters';
import { rootsProblems } from '../private/certificate-validation';
import { throwFirst } from '../private/errors';
import { knownText } from '../private/known';

/** Root certificates that prove an HSM's hardware. */
export interface HsmIdentityRoots {
  /**
   * AWS's roots for CloudHSM hardware: PEM, one certificate each, such as the content of `AWS_CloudHSM_Root-G1.crt`. Several may be given, for one
   * ends and another begins.
   *
   * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/verify-hsm-identity.html
   */
  readonly awsRoots: string[];

  /**
   * The manufacturer's roots: PEM, one certificate each. They are on the manufacturer's site, which no deploy can ask.
   */
  readonly manufacturerRoots: string[];
}

/** By which roots an HSM's hardware is verified. */
export interface HsmIdentityConfig {
  /** Parameters that hold AWS's roots. */
  readonly awsRoots: ssm.IStringParameter[];

  /** Parameters that hold the manufacturer's roots. */
  readonly manufacturerRoots: ssm.IStringParameter[];
}

/**
 * Whether a cluster's first HSM has to prove what it is before its certificate signing request is signed. Afterwards it cannot be asked any more.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/verify-hsm-identity.html
 */
export abstract class HsmIdentity {
  /**
   * Both chains of the first HSM's certificate, to AWS's and to the manufacturer's root, and its key are verified before anything is signed. A wrong one
   * fails the deploy before anything that cannot be undone. What was found is kept in the parameter `evidence/identity` of the cluster.
   */
  public static verify(roots: HsmIdentityRoots): HsmIdentity {
    return new VerifiedHsmIdentity(roots);
  }

  /** Called when the cluster is made. */
  public abstract bind(scope: Construct): HsmIdentityConfig;
}

/** The identity behind `HsmIdentity.verify()`. */
class VerifiedHsmIdentity extends HsmIdentity {
  constructor(private readonly roots: HsmIdentityRoots) {
    super();
  }

  public bind(scope: Construct): HsmIdentityConfig {
    const { awsRoots, manufacturerRoots } = this.roots;
    throwFirst(scope, [
      ...rootsProblems('awsRoots', awsRoots, awsRoots.map(knownText)),
      ...rootsProblems('manufacturerRoots', manufacturerRoots, manufacturerRoots.map(knownText)),
    ]);
    const parameters = (pems: readonly string[], id: string, whose: string) =>
      pems.map((pem, index) => pemParameter(scope, `${id}${index + 1}`, pem, `${whose} root certificate for CloudHSM hardware`));
    return {
      awsRoots: parameters(awsRoots, 'AwsRoot', 'AWS'),
      manufacturerRoots: parameters(manufacturerRoots, 'ManufacturerRoot', 'Manufacturer'),
    };
  }
}

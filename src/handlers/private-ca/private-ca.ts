import type { PrivateCa } from '../aws/private-cas';
import type { Problem } from '../pki/problem';
import { addYears, DAY_MILLISECONDS, iso, wholeSeconds } from '../pki/validity';

/**
 * When the cluster's certificate is to end: a day before its authority does, or after so many years. AWS Private CA issues nothing that outlives its issuer.
 *
 * @param start When the cluster was created: a repeat asks for the same certificate.
 */
export function endOfCertificate(notAfter: number, years: string | undefined, start: number): number {
  return years ? wholeSeconds(addYears(new Date(start), Number(years))).getTime() : notAfter - DAY_MILLISECONDS;
}

/** Why an authority cannot sign a cluster's request so that clients trust it for good. */
export function privateCaProblem(arn: string, ca: PrivateCa | undefined, years: string | undefined, now: number): Problem | undefined {
  const problem = (code: string, message: string): Problem => ({ code, message: `certificate authority ${arn} ${message}` });
  if (!ca) {
    return problem('PrivateCaNotFound', 'is not in this Region, or not shared with this account; give one that is there');
  }
  if (ca.status !== 'ACTIVE' || ca.notAfter === undefined) {
    return problem('PrivateCaNotActive', `is ${ca.status}, and only an ACTIVE one issues certificates; install its certificate or enable it, and deploy again. `
      + 'One of the same stack is named by the Ref of its CertificateAuthorityActivation');
  }
  if (ca.usageMode !== 'GENERAL_PURPOSE') {
    return problem('PrivateCaShortLived', `is in ${ca.usageMode} mode and issues for seven days at most, and the certificate of a cluster can never be renewed; `
      + 'use one in GENERAL_PURPOSE mode');
  }
  if (ca.type !== 'ROOT') {
    return problem('PrivateCaNotRoot', `is ${ca.type}, and CloudHSM takes as trust anchor only the self-signed root that signed the request directly; use a ROOT authority`);
  }
  if (!/^RSA_(2048|3072|4096)$/.test(ca.keyAlgorithm)) {
    return problem('PrivateCaKeyUnsupported', `has a key ${ca.keyAlgorithm}, and CloudHSM takes RSA of 2048 to 4096 bits; use one with RSA_2048 or RSA_4096`);
  }
  const end = endOfCertificate(ca.notAfter, years, now);
  if (end <= now || end > ca.notAfter) {
    return problem('PrivateCaEndsEarlier', `ends at ${iso(wholeSeconds(new Date(ca.notAfter)))}, `
      + `${years ? `before the ${years} years of validity are over; leave validity out` : 'in a day or less; renew its certificate'}, or use one that lives longer`);
  }
  return undefined;
}

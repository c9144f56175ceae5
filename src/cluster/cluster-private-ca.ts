import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CertificateAuthorityConfig } from '../initialization/certificate-authority';
import type { InitializationProperties } from '../lifecycle/initialization-contract';
import type { PlacementProperties } from '../lifecycle/placement-contract';
import { numberText } from '../private/known';

/**
 * The template by which an HSM's request is signed: its subject and its key as they are, no authority of its own.
 *
 * @see https://docs.aws.amazon.com/privateca/latest/userguide/template-definitions.html
 */
export function privateCaTemplateArn(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: 'acm-pca', region: '', account: '', resource: 'template', resourceName: 'EndEntityCertificate/V1' });
}

/** What is looked at before anything is made. */
export function privateCaPreflight(authority: CertificateAuthorityConfig | undefined): Pick<PlacementProperties, 'PrivateCaArn' | 'PrivateCaYears'> {
  const { privateCa, validityYears } = authority ?? {};
  if (!privateCa) return {};
  return { PrivateCaArn: privateCa.certificateAuthorityArn, PrivateCaYears: validityYears === undefined ? undefined : numberText(validityYears) };
}

/** What is asked for when there is a request. */
export function privateCaOrder(
  scope: Construct, authority: CertificateAuthorityConfig | undefined,
): Pick<InitializationProperties, 'PrivateCaArn' | 'PrivateCaTemplateArn'> {
  if (!authority?.privateCa) return {};
  return { PrivateCaArn: authority.privateCa.certificateAuthorityArn, PrivateCaTemplateArn: privateCaTemplateArn(scope) };
}

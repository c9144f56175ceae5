import type { Context, Output } from '../../../wire/operation';
import { certificateProblem } from '../pki/initialization';
import { clusterOf, demandClusterState, invalid, text } from '../refusals';
import { activeHsms, setClusterState } from '../state';

interface InitializeClusterInput {
  readonly ClusterId: string;
  readonly SignedCert: string;
  readonly TrustAnchor: string;
}

/** One-shot: from here on, the anchor is what every client must have. */
export function initializeCluster(context: Context, { ClusterId, SignedCert, TrustAnchor }: InitializeClusterInput): Output {
  const cluster = clusterOf(context, ClusterId);
  demandClusterState(context, cluster, 'InitializeCluster', ['UNINITIALIZED']);
  if (!cluster.identity || activeHsms(context, ClusterId).length === 0) throw invalid(context, 'text-no-csr', { cluster: ClusterId });
  const problem = certificateProblem(
    { signedCert: SignedCert, trustAnchor: TrustAnchor, csr: cluster.identity.clusterCsr, now: new Date(context.kernel.hostTime()) },
    {
      maxLength: context.row('certificate-length'),
      keyBits: context.row('trust-anchor-key-bits'),
      chainAllowed: context.row('trust-anchor-chain'),
      subjectMustMatch: context.row('leaf-subject-must-match'),
    },
  );
  if (problem) throw invalid(context, 'text-certificate', { ...problem });

  const message = text(context, 'message-initializing');
  setClusterState(context, ClusterId, 'INITIALIZE_IN_PROGRESS', {
    stateMessage: message, clusterCertificate: SignedCert, trustAnchor: TrustAnchor,
  });
  const duration = context.delay('initialize', ClusterId);
  context.busy('initialize', ClusterId, duration);
  context.after(duration, { kind: 'cluster-initialized', args: { clusterId: ClusterId } });
  return { State: 'INITIALIZE_IN_PROGRESS', StateMessage: message };
}

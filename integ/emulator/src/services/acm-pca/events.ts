import { authorities, certificates, changeAuthority } from './state';
import type { Context, ServiceEvent } from '../../wire/operation';

interface ArnArgs {
  readonly arn: string;
}

/** What takes its time. */
export const events: { readonly [name: string]: ServiceEvent } = {
  'authority-created': (context: Context, { arn }: ArnArgs) => {
    const authority = authorities(context).get(arn);
    if (authority?.status === 'CREATING') changeAuthority(context, authority, { status: 'PENDING_CERTIFICATE' });
  },
  'certificate-issued': (context: Context, { arn }: ArnArgs) => {
    const certificate = certificates(context).get(arn);
    if (!certificate) return;
    certificates(context).put(arn, { ...certificate, isIssued: true });
    context.emit('ISSUED', arn);
  },
  'authority-forgotten': (context: Context, { arn }: ArnArgs) => {
    const authority = authorities(context).get(arn);
    // Restored meanwhile, and perhaps deleted again.
    if (authority?.status !== 'DELETED' || authority.restorableUntil! > context.now) return;
    authorities(context).delete(arn);
  },
};

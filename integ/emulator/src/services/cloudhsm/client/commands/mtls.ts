import type { Command } from './command';
import { choice } from './key-store';
import { isAnchor, NO_MUTUAL } from '../../hsm/mutual';
import { demandApproval } from '../approval';
import type { Options } from '../arguments';
import { optionalFile, readFile } from '../files';
import type { Session } from '../session';
import { Refusal, sayIn } from '../stop';

interface Anchor {
  readonly reference: string;
  readonly certificate: string;
}

function anchors({ links }: Session): ReadonlyArray<Anchor & { everywhere: boolean }> {
  const all = links.flatMap(({ partition: { mtls = NO_MUTUAL } }) => mtls.anchors);
  const references = [...new Set(all.map(({ reference }) => reference))];
  return references.map((reference) => {
    const copies = all.filter((anchor) => anchor.reference === reference);
    return { ...copies[0], everywhere: copies.length === links.length };
  });
}

function view({ reference, certificate, everywhere }: Anchor & { everywhere: boolean }): object {
  return { 'certificate-reference': reference, certificate, 'cluster-coverage': everywhere ? 'full' : 'inconsistent' };
}

function demandHsm2(session: Session): void {
  if (session.links.some(({ hsm }) => hsm.hsmType.startsWith('hsm1'))) throw new Refusal('text-mtls-type');
}

function register(session: Session, pem: Buffer, approval: Buffer | undefined): object {
  demandHsm2(session);
  const { context } = session;
  const [most, bytes] = [context.row<number>('cloudhsm-client/mtls-anchors'), context.row<number>('cloudhsm-client/mtls-chain-bytes')];
  const certificate = pem.toString('utf8');
  if (pem.length > bytes || !isAnchor(certificate)) throw new Refusal('text-mtls-anchor', { bytes });
  const present = anchors(session);
  if (present.length >= most) throw new Refusal('text-mtls-anchors', { count: most });
  demandApproval(session, 'cluster', approval);
  const free = [1, 2, 3].map((number) => `0x0${number}`).find((reference) => present.every((anchor) => anchor.reference !== reference))!;
  session.change('Cluster mtls register-trust-anchor', {}, (link) => link.changeMutual((mtls) => ({
    ...mtls, anchors: [...mtls.anchors, { reference: free, certificate }],
  })));
  return { trust_anchor: view({ reference: free, certificate, everywhere: true }) };
}

function deregister(session: Session, options: Options, approval: Buffer | undefined): object {
  const given = options.one('certificate-reference')!;
  const reference = `0x${Number(given).toString(16).padStart(2, '0')}`;
  if (!anchors(session).some((anchor) => anchor.reference === reference)) throw new Refusal('text-mtls-unknown', { reference: given });
  demandApproval(session, 'cluster', approval);
  session.change('Cluster mtls deregister-trust-anchor', {}, (link) => link.changeMutual((mtls) => ({
    ...mtls, anchors: mtls.anchors.filter((anchor) => anchor.reference !== reference),
  })));
  return { message: sayIn(session.context, 'text-mtls-deregistered', { reference }) };
}

function setEnforcement(session: Session, level: string, approval: Buffer | undefined): object {
  demandHsm2(session);
  // Whoever shut others out without being able to come in himself would have lost the cluster.
  if (session.user.username !== 'admin' || !session.isMutual) throw new Refusal('text-mtls-not-mutual');
  demandApproval(session, 'cluster', approval);
  session.change('Cluster mtls set-enforcement', {}, (link) => link.changeMutual((mtls) => ({ ...mtls, enforced: level === 'cluster' })));
  return { message: sayIn(session.context, 'text-mtls-set', { level: level === 'cluster' ? 'Cluster' : 'None' }) };
}

function getEnforcement({ links }: Session): object {
  return { 'mtls-enforcement-level': links.some(({ partition: { mtls = NO_MUTUAL } }) => mtls.enforced) ? 'cluster' : 'none' };
}

export const mtlsCommands: readonly Command[] = [
  {
    path: 'cluster mtls register-trust-anchor',
    options: { path: 'one', approval: 'one' },
    required: ['path'],
    roles: ['admin'],
    prepare: (_context, options, _answers, input) => {
      const [pem, approval] = [readFile(input, options.one('path')!), optionalFile(input, options.one('approval'))];
      return (session) => register(session, pem, approval);
    },
  },
  { path: 'cluster mtls list-trust-anchors', options: {}, roles: [], prepare: () => (session) => ({ trust_anchors: anchors(session).map(view) }) },
  {
    path: 'cluster mtls deregister-trust-anchor',
    options: { 'certificate-reference': 'one', 'approval': 'one' },
    required: ['certificate-reference'],
    roles: ['admin'],
    prepare: (_context, options, _answers, input) => {
      const approval = optionalFile(input, options.one('approval'));
      return (session) => deregister(session, options, approval);
    },
  },
  { path: 'cluster mtls get-enforcement', options: {}, roles: [], prepare: () => getEnforcement },
  {
    path: 'cluster mtls set-enforcement',
    options: { level: 'one', approval: 'one' },
    required: ['level'],
    roles: ['admin'],
    prepare: (_context, options, _answers, input) => {
      const level = choice(options, 'level', ['none', 'cluster']);
      const approval = optionalFile(input, options.one('approval'));
      return (session) => setEnforcement(session, level, approval);
    },
  },
];

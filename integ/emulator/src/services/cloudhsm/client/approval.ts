import type { Session } from './session';
import { Refusal } from './stop';
import { approvalsOf, tokens } from '../hsm/quorum';
import type { QuorumService, TokenFile } from '../hsm/quorum';

/**
 * Lets pass what needs approvals of several users only with a token that carries them; the token is used up by it.
 *
 * A token ends with the login that made it, and in single command mode a login ends with its command.
 */
export function demandApproval(session: Session, service: QuorumService, approval: Buffer | undefined): void {
  const needed = Math.max(...session.links.map(({ partition }) => partition.quorum[service]));
  if (needed <= 1) return;
  if (!approval) throw new Refusal('text-quorum-needed');
  const file = readToken(approval);
  const known = tokens(session.context).entries().find(([, token]) => token.clusterId === session.clusterId && token.token === file?.token
    && token.service === service && token.username === session.user.username && token.expiresAt > session.context.now);
  if (!file || !known) throw new Refusal('text-quorum-token');
  if (approvalsOf(file, session.links[0].partition.users) < needed) throw new Refusal('text-quorum-approvals', { count: needed });
  tokens(session.context).delete(known[0]);
}

function readToken(approval: Buffer): TokenFile | undefined {
  try {
    const file = JSON.parse(approval.toString('utf8')) as Partial<TokenFile>;
    return typeof file.token === 'string' && Array.isArray(file.signatures) ? file as TokenFile : undefined;
  } catch {
    return undefined;
  }
}

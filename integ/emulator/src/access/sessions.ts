import { createHmac } from 'node:crypto';
import type { Caller } from '../wire/operation';

/** Account of callers whose keys say nothing: AWS's documentation account. */
export const DEFAULT_ACCOUNT = '123456789012';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** A key that IAM gave to a user. */
export interface UserKey {
  readonly account: string;
  /** The user's. */
  readonly arn: string;
  readonly status: 'Active' | 'Inactive' | 'Deleted';
}

/** The emulator's clock, as far as sessions go. */
export interface SessionClock {
  readonly now: number;
  /** Time that callers from outside have seen pass. */
  readonly witnessed: number;
}

interface Token {
  readonly caller: Caller;
  readonly issuedAt: number;
  /** In time that callers have seen pass. */
  readonly until?: number;
}

/**
 * Sessions without state: the token itself says who is calling, from where and in which activity, under a MAC.
 *
 * So a role session outlives a restart, and every function environment and instance has keys of its own.
 */
export class Sessions {
  /**
   * @param keyOf the key of a user that has an id
   * @param clock a clock that stands still unless one is given
   */
  public constructor(
    private readonly secret: string,
    private readonly keyOf: (accessKeyId: string) => UserKey | undefined = () => undefined,
    private readonly clock: SessionClock = { now: 0, witnessed: 0 },
  ) {}

  /** @param lifetimeMs of keys that nobody renews; those of functions, instances and services are always fresh */
  public issue({ userAgent: _, ...caller }: Caller, lifetimeMs?: number): Credentials {
    const token: Token = { caller, issuedAt: this.clock.now, ...(lifetimeMs === undefined ? {} : { until: this.clock.witnessed + lifetimeMs }) };
    const body = Buffer.from(JSON.stringify(token)).toString('base64url');
    const mac = this.mac(body);
    return {
      accessKeyId: `ASIA${mac.replace(/[^A-Za-z0-9]/g, '').toUpperCase().slice(0, 16)}`,
      secretAccessKey: this.mac(`secret/${mac}`).slice(0, 40),
      sessionToken: `${body}.${mac}`,
    };
  }

  /** The session behind a token, the user behind a key of his, or the outside caller behind any other key. `undefined`: what is not ours, or does not count any more. */
  public resolve(accessKeyId: string | undefined, sessionToken: string | undefined): Caller | undefined {
    if (!sessionToken) {
      const key = accessKeyId === undefined ? undefined : this.keyOf(accessKeyId);
      if (key && key.status !== 'Active') return undefined;
      return key ? userFromOutside(key) : outsideCaller(accessKeyId);
    }
    const token = this.read(sessionToken);
    if (!token || this.isOver(token)) return undefined;
    const { caller, issuedAt } = token;
    return { ...caller, principal: { ...caller.principal, issuedAt } };
  }

  /** Whether a token is one of ours that has had its time. */
  public isExpired(sessionToken: string | undefined): boolean {
    const token = sessionToken === undefined ? undefined : this.read(sessionToken);
    return token !== undefined && this.isOver(token);
  }

  private isOver({ until }: Token): boolean {
    return until !== undefined && this.clock.witnessed >= until;
  }

  private read(sessionToken: string): Token | undefined {
    const [body, mac] = sessionToken.split('.');
    if (!mac || this.mac(body) !== mac) return undefined;
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Token;
  }

  private mac(text: string): string {
    return createHmac('sha256', this.secret).update(text).digest('base64url');
  }
}

/** Keys from outside: a key id of twelve digits names the account, as other emulators have it. */
function outsideCaller(accessKeyId: string | undefined): Caller {
  const account = accessKeyId && /^\d{12}$/.test(accessKeyId) ? accessKeyId : DEFAULT_ACCOUNT;
  return userFromOutside({ account, arn: `arn:aws:iam::${account}:user/outside` });
}

function userFromOutside({ account, arn }: Pick<UserKey, 'account' | 'arn'>): Caller {
  return { principal: { kind: 'user', account, arn }, position: { kind: 'outside' } };
}

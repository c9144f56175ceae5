import { createHmac } from 'node:crypto';
import type { Caller } from '../wire/operation';

/** Account of callers whose keys say nothing: AWS's documentation account. */
export const DEFAULT_ACCOUNT = '123456789012';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * Sessions without state: the token itself says who is calling, from where and in which activity, under a MAC.
 *
 * So a role session outlives a restart, and every function environment and instance has keys of its own.
 */
export class Sessions {
  public constructor(private readonly secret: string) {}

  public issue(caller: Caller): Credentials {
    const body = Buffer.from(JSON.stringify(caller)).toString('base64url');
    const mac = this.mac(body);
    return {
      accessKeyId: `ASIA${mac.replace(/[^A-Za-z0-9]/g, '').toUpperCase().slice(0, 16)}`,
      secretAccessKey: this.mac(`secret/${mac}`).slice(0, 40),
      sessionToken: `${body}.${mac}`,
    };
  }

  /** The session behind a token, or the outside caller behind plain keys. `undefined`: a token that is not ours. */
  public resolve(accessKeyId: string | undefined, sessionToken: string | undefined): Caller | undefined {
    if (!sessionToken) return outsideCaller(accessKeyId);
    const [body, mac] = sessionToken.split('.');
    if (!mac || this.mac(body) !== mac) return undefined;
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Caller;
  }

  private mac(text: string): string {
    return createHmac('sha256', this.secret).update(text).digest('base64url');
  }
}

/** Keys from outside: a key id of twelve digits names the account, as other emulators have it. */
function outsideCaller(accessKeyId: string | undefined): Caller {
  const account = accessKeyId && /^\d{12}$/.test(accessKeyId) ? accessKeyId : DEFAULT_ACCOUNT;
  return { principal: { kind: 'user', account, arn: `arn:aws:iam::${account}:user/outside` }, position: { kind: 'outside' } };
}

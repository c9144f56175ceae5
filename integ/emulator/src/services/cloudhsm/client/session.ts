import type { Connected } from './connect';
import type { RunInput, RunOutput } from './input';
import { Prompt, Refusal } from './stop';
import type { Context } from '../../../wire/operation';
import type { Answer, HsmLink } from '../hsm/link';
import { toAll } from '../hsm/links';
import { isLoggedIn } from '../hsm/sessions';

/** Who is logged in for the length of one command. */
export interface LoggedIn {
  readonly username: string;
  readonly role: 'admin' | 'crypto-user';
}

/** Text of each answer that an HSM refuses with. */
const TEXTS: Readonly<Record<Exclude<Answer, 'ok'>, string>> = {
  'no-user': 'text-no-user',
  'wrong-password': 'text-login',
  'locked': 'text-locked',
  'user-exists': 'text-user-exists',
  'user-limit': 'text-user-limit',
  'owns-keys': 'text-owns-keys',
  'already-activated': 'text-already-activated',
  'key-limit': 'text-key-limit',
  'no-key': 'text-no-key',
  'limited-write': 'text-limited-write',
  'failed': 'text-failed',
};

/** One run of the command line tool over the HSMs it is connected to. */
export class Session {
  public readonly links: readonly HsmLink[];
  public chargeMs: number;
  /** What the command writes on the client. */
  public readonly written: Array<NonNullable<RunOutput['files']>[number]> = [];
  private loggedIn: LoggedIn | undefined;

  public constructor(public readonly context: Context, private readonly connected: Connected) {
    this.links = connected.links;
    this.chargeMs = connected.chargeMs;
  }

  public get clusterId(): string {
    return this.links[0].hsm.clusterId;
  }

  /** Whoever the command runs as; commands that need nobody do not ask. */
  public get user(): LoggedIn {
    if (!this.loggedIn) throw new Refusal('text-credentials');
    return this.loggedIn;
  }

  public get checksKeyAvailability(): boolean {
    return this.connected.entry.cluster.options.disable_key_availability_check !== true;
  }

  public get isMutual(): boolean {
    return this.connected.mutual;
  }

  /** Whether the component's file lets ECDSA use hashes that are weaker than their key. */
  public get takesWeakHashes(): boolean {
    return this.connected.entry.cluster.options.enable_ecdsa_with_weak_hash_function === true;
  }

  /** Logs in on every HSM, as `CLOUDHSM_ROLE` and `CLOUDHSM_PIN` say. A bad password counts on each of them. */
  public login({ role, username, password }: Credentials): void {
    this.chargeMs += this.context.row<number>('cloudhsm-client/charge-login');
    const answers = this.links.map((link) => link.login({ username, role, password }));
    const refused = answers.filter((answer) => answer !== 'ok');
    const enough = this.context.row<boolean>('cloudhsm-client/login-needs-all') ? refused.length === 0 : refused.length < answers.length;
    if (!enough) throw new Refusal(refused.includes('locked') ? 'text-locked' : 'text-login');
    this.loggedIn = { username, role };
  }

  public demandRole(...roles: ReadonlyArray<LoggedIn['role']>): void {
    if (!roles.includes(this.user.role)) throw new Refusal('text-not-permitted', { role: this.user.role });
  }

  /** Somebody else who is logged in, KMS for one, cannot be deleted nor have his password changed. */
  public demandNotLoggedIn(username: string): void {
    if (isLoggedIn(this.context, this.clusterId, username)) throw new Refusal('text-logged-in', { username });
  }

  /** Sends a change to all connected HSMs. What succeeded stays, also when another HSM failed. */
  public change(command: string, values: Readonly<Record<string, string | number>>, send: (link: HsmLink) => Answer): void {
    this.chargeMs += this.context.row<number>('cloudhsm-client/charge-change');
    const outcome = toAll(this.links, send);
    if (outcome.kind === 'refused') throw new Refusal(TEXTS[outcome.answer], values);
    if (outcome.kind === 'partial') throw new Refusal('text-partial', { command, failed: outcome.failed, total: outcome.total });
  }

  public write(path: string, content: Buffer): void {
    this.written.push({ path, mode: 0o600, base64: content.toString('base64') });
  }

  public newSalt(): string {
    return this.context.id('salt', this.clusterId).toString('hex');
  }

  /** Ends the login and hands the connections' events to the audit logs. */
  public close(): void {
    const user = this.loggedIn;
    for (const link of this.links) {
      if (user) link.logout(user);
      link.close();
    }
  }
}

export interface Credentials extends LoggedIn {
  readonly password: string;
}

export function credentials(env: RunInput['env'], prefix = ''): Credentials {
  const { [`${prefix}CLOUDHSM_ROLE`]: role, [`${prefix}CLOUDHSM_PIN`]: pin = '' } = env;
  const colon = pin.indexOf(':');
  if (!role || colon < 1) throw new Refusal('text-credentials');
  if (role !== 'admin' && role !== 'crypto-user') throw new Refusal('text-role', { role });
  return { role, username: pin.slice(0, colon).toLowerCase(), password: pin.slice(colon + 1) };
}

/** A password from the command line, or typed twice. */
export function newPassword(context: Context, given: string | undefined, answers: readonly string[]): string {
  const [password, confirmation] = given === undefined ? answers : [given, given];
  if (password === undefined) throw new Prompt('Enter password:');
  if (confirmation === undefined) throw new Prompt('Confirm password:');
  if (password !== confirmation) throw new Refusal('text-password-confirmation');
  const [min, max] = context.row<[number, number]>('cloudhsm-client/password-length');
  if (password.length < min || password.length > max || password.includes(':')) throw new Refusal('text-password', { min, max });
  return password;
}

/** Names are shown in lower case, however they were typed. */
export function newUserName(context: Context, given: string): string {
  const max = context.row<number>('cloudhsm-client/user-name-length');
  if (!/^\w+$/.test(given) || given.length > max) throw new Refusal('text-user-name', { max });
  return given.toLowerCase();
}

import { documentOf } from './authorize/documents';
import type { Policy } from './evaluate';

/** An organization as far as its accounts feel it: its service control policies. */
export interface Organization {
  /** What `aws:PrincipalOrgID` is. @default o-emulated00 */
  readonly id?: string;
  /** From the root down. Every level must allow, and none may deny. */
  readonly levels: readonly OrganizationLevel[];
}

export interface OrganizationLevel {
  /** Of the root, the unit or the account. */
  readonly name: string;
  /** @default every account */
  readonly accounts?: readonly string[];
  /** Documents, or `FullAWSAccess` for the policy that AWS attaches to everything at first. */
  readonly policies: ReadonlyArray<string | object>;
}

const FULL_ACCESS_NAME = 'FullAWSAccess';

const FULL_ACCESS = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

/** @throws Error that says what the organization must look like */
export function checkedOrganization(value: unknown): Organization {
  const { id, levels } = (value ?? {}) as Partial<Organization>;
  if (id !== undefined && !/^o-[a-z0-9]{10,32}$/.test(String(id))) {
    throw new Error(`"id" of an organization must be o- and 10 to 32 small letters and digits, got ${JSON.stringify(id)}`);
  }
  if (!Array.isArray(levels) || levels.length === 0) {
    throw new Error('an organization must be { "levels": [ … ] } from its root down, with one level at least');
  }
  levels.forEach((level: unknown, at) => checkLevel((level ?? {}) as Partial<OrganizationLevel>, at));
  return value as Organization;
}

function checkLevel({ name, accounts, policies }: Partial<OrganizationLevel>, at: number): void {
  const level = `level ${at + 1} of the organization`;
  if (typeof name !== 'string') throw new Error(`${level} must have a "name"`);
  if (accounts !== undefined && !(Array.isArray(accounts) && accounts.every((account) => /^\d{12}$/.test(String(account))))) {
    throw new Error(`"accounts" of ${level} must be a list of account ids of twelve digits, got ${JSON.stringify(accounts)}`);
  }
  // AWS does not let anybody take away the last one.
  if (!Array.isArray(policies) || policies.length === 0) throw new Error(`${level} must have "policies", one at least: documents, or "${FULL_ACCESS_NAME}"`);
  for (const policy of policies) {
    if (policy !== FULL_ACCESS_NAME && !(typeof policy === 'object' && policy !== null && 'Statement' in policy)) {
      throw new Error(`a policy of ${level} must be a document with a Statement, or "${FULL_ACCESS_NAME}", got ${JSON.stringify(policy)}`);
    }
  }
}

export function organizationId({ id = 'o-emulated00' }: Organization): string {
  return id;
}

/** Service control policies over an account, level by level. */
export function overAccount(organization: Organization | undefined, account: string): ReadonlyArray<readonly Policy[]> {
  const over = organization?.levels.filter(({ accounts }) => accounts === undefined || accounts.includes(account)) ?? [];
  return over.map(({ name, policies }) => policies.map((policy, at) => ({
    kind: 'organization', name: policy === FULL_ACCESS_NAME ? FULL_ACCESS_NAME : `${name}/${at + 1}`,
    document: documentOf(typeof policy === 'string' ? FULL_ACCESS : JSON.stringify(policy)),
  })));
}

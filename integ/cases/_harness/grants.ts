import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Emulator } from 'cloudhsm-emulator';

/** An action of a statement that a role of a stack was given, over however many runs. */
export interface Grant {
  /** The role's and the policy's names as the template has them: without the stack and what CloudFormation adds. */
  readonly role: string;
  readonly policy: string;
  /** The other actions beside it: statements have no names. */
  readonly statement: string;
  readonly action: string;
  readonly allowed: number;
  readonly needed: number;
}

const FOLDER = process.env.GRANTS_FOLDER;

/** Where a folder is named, every case leaves there what the roles of its stacks were given, and what came of it. */
export function keepGrants(emulator: Emulator): void {
  if (FOLDER === undefined) return;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${randomUUID()}.json`), JSON.stringify(grantsOf(emulator)));
}

/** All that was kept, the same grants of all runs in one. */
export function keptGrants(folder: string): Grant[] {
  return merged(readdirSync(folder).flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Grant[]));
}

export function grantsOf(emulator: Emulator): Grant[] {
  const used = emulator.calls.use.all().filter(({ kind, principal, policy }) => kind === 'identity' && principal.includes(':role/')
    && !/:role\/(aws-service-role\/|cdk-)/.test(principal) && !/:iam::aws:/.test(policy));
  const siblings = new Map<string, string[]>();
  for (const { principal, policy, statement, action } of used) {
    const key = `${principal} ${policy} ${statement}`;
    siblings.set(key, [...siblings.get(key) ?? [], action]);
  }
  return merged(used.map(({ principal, policy, statement, action, allowed, needed }) => ({
    role: logical(principal), policy: logical(policy), statement: siblings.get(`${principal} ${policy} ${statement}`)!.sort().join(' '), action, allowed, needed,
  })));
}

/** `<stack>-<logical id without its hash>-<random>`, as CloudFormation makes names, or an ARN of one. */
function logical(name: string): string {
  return name.split('/').at(-1)!.replace(/-[A-Za-z0-9]{12}$/, '').replace(/^[^-]+-/, '').replace(/[0-9A-F]{8}$/, '');
}

function merged(grants: readonly Grant[]): Grant[] {
  const all = new Map<string, Grant>();
  for (const grant of grants) {
    const key = [grant.role, grant.policy, grant.statement, grant.action].join(' | ');
    const { allowed = 0, needed = 0 } = all.get(key) ?? {};
    all.set(key, { ...grant, allowed: grant.allowed + allowed, needed: grant.needed + needed });
  }
  return [...all.values()];
}

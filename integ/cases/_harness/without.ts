import { Aspects, Lazy, Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnPolicy } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { Build } from './offline';

/** Actions that a role is granted. */
export interface Permissions {
  /** The role's logical id, without its hash. */
  readonly role: string;
  readonly actions: readonly string[];
  /** Another action of the statement that is meant, where the role has the same one in several. */
  readonly beside?: string;
}

interface Granted {
  readonly role: string;
  readonly action: string;
  /** All actions of the statement that grants it. */
  readonly beside: readonly string[];
}

function isMeant({ role, actions, beside }: Permissions, granted: Granted): boolean {
  return role === granted.role && actions.includes(granted.action) && (beside === undefined || granted.beside.includes(beside));
}

/** The app with actions taken out of every policy that a stack makes. `taken` is told each one, as `<role> | <action>`. */
export function without(build: Build, permissions: readonly Permissions[], taken: (permission: string) => void = () => undefined): Build {
  return (app: App) => {
    build(app);
    Aspects.of(app).add({ visit: (node) => strip(node, permissions, taken) });
  };
}

/** A policy has to say something: nobody needs leave for this. */
const NOTHING = { Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' };

interface PolicyText {
  readonly Statement: ReadonlyArray<{ readonly Action: string | readonly string[] }>;
}

function strip(node: IConstruct, permissions: readonly Permissions[], taken: (permission: string) => void): void {
  if (!(node instanceof CfnManagedPolicy) && !(node instanceof CfnPolicy)) return;
  const original: unknown = node.policyDocument;
  const resolved = <T>(value: unknown): T => Stack.of(node).resolve(value) as T;
  node.policyDocument = Lazy.any({
    produce: () => {
      const document = resolved<PolicyText>(original);
      const roles = resolved<ReadonlyArray<{ readonly Ref?: string }> | undefined>(node.roles) ?? [];
      const names = roles.map(({ Ref = '' }) => Ref.replace(/[0-9A-F]{8}$/, ''));
      const statements = document.Statement.map((statement) => {
        const all = [statement.Action].flat();
        const gone = all.filter((action) => names.some((role) => permissions.some((one) => isMeant(one, { role, action, beside: all }))));
        gone.forEach((action) => names.forEach((role) => taken(`${role} | ${action}`)));
        return { ...statement, Action: all.filter((action) => !gone.includes(action)) };
      });
      const left = statements.filter(({ Action }) => Action.length > 0);
      return { ...document, Statement: left.length > 0 ? left : [NOTHING] };
    },
  });
}

import { compileConditions } from './conditions';
import type { Condition } from './conditions';
import { many } from './one-or-many';
import type { OneOrMany } from './one-or-many';
import { actionPattern, resourcePattern } from './patterns';
import type { TextPattern } from './patterns';

export type PrincipalElement = '*' | { readonly [kind: string]: OneOrMany };

/** A statement as it is written. */
export interface StatementText {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Action?: OneOrMany;
  readonly NotAction?: OneOrMany;
  readonly Resource?: OneOrMany;
  readonly NotResource?: OneOrMany;
  readonly Principal?: PrincipalElement;
  readonly NotPrincipal?: PrincipalElement;
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: unknown } };
}

/** An action, or several, as a statement names them. */
export interface ActionPattern {
  readonly written: string;
  readonly test: (action: string) => boolean;
}

export interface Statement {
  /** Its Sid, or its place in the document, counted from 0. */
  readonly name: string;
  readonly allows: boolean;
  readonly actions: readonly ActionPattern[];
  /** The patterns name what is left out. */
  readonly allActionsBut: boolean;
  /** Absent in trust policies: the role is what they are about. */
  readonly resources?: readonly TextPattern[];
  readonly allResourcesBut: boolean;
  readonly principal?: PrincipalElement;
  readonly notPrincipal?: PrincipalElement;
  readonly conditions: readonly Condition[];
}

/** A policy document, taken apart once. */
export interface Document {
  readonly statements: readonly Statement[];
}

/** What cannot be read says nothing: it neither allows nor denies. */
const NOTHING: Document = { statements: [] };

export function compileDocument(text: string): Document {
  let document: { readonly Version?: string; readonly Statement?: StatementText | readonly StatementText[] };
  try {
    document = JSON.parse(text) as typeof document;
  } catch {
    return NOTHING;
  }
  // Variables came with this version; in documents of before they are plain text.
  const variables = document.Version === '2012-10-17';
  return { statements: many(document.Statement).map((statement, at) => compileStatement(statement, at, variables)) };
}

function compileStatement(statement: StatementText, at: number, variables: boolean): Statement {
  const { Sid, Effect, Action, NotAction, Resource, NotResource, Principal, NotPrincipal, Condition } = statement;
  const resources = Resource ?? NotResource;
  return {
    name: Sid === undefined || Sid === '' ? String(at) : Sid,
    allows: Effect === 'Allow',
    actions: many(Action ?? NotAction).map((written) => ({ written, test: actionPattern(written) })),
    allActionsBut: Action === undefined,
    resources: resources === undefined ? undefined : many(resources).map((pattern) => resourcePattern(pattern, variables)),
    allResourcesBut: Resource === undefined,
    principal: Principal,
    notPrincipal: NotPrincipal,
    conditions: compileConditions(Condition ?? {}, variables),
  };
}

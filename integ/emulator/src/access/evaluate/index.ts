export { decide } from './decide';
export type { Decision, Policies, Policy, PolicyKind, ResourcePolicy, Support } from './decide';
export { compileDocument } from './document';
export type { Document } from './document';
export { triedStatements } from './tried';
export type { AccessRequest, Asker, ConditionKeys } from './request';

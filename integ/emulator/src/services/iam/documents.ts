/**
 * What IAM says against a policy document, by the key of its refusal; undefined when it is well-formed. Pure.
 *
 * Checks the grammar, not whether actions exist: IAM takes unknown ones too.
 */
export interface DocumentProblem {
  readonly key: string;
  readonly values?: readonly string[];
}

export type DocumentKind = 'identity' | 'trust';

interface Statement {
  readonly [member: string]: unknown;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const CONDITION_OPERATORS = new Set([
  'stringequals', 'stringnotequals', 'stringequalsignorecase', 'stringnotequalsignorecase', 'stringlike', 'stringnotlike',
  'numericequals', 'numericnotequals', 'numericlessthan', 'numericlessthanequals', 'numericgreaterthan', 'numericgreaterthanequals',
  'dateequals', 'datenotequals', 'datelessthan', 'datelessthanequals', 'dategreaterthan', 'dategreaterthanequals',
  'bool', 'binaryequals', 'ipaddress', 'notipaddress', 'arnequals', 'arnlike', 'arnnotequals', 'arnnotlike',
]);

const MEMBERS = new Set(['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Principal', 'NotPrincipal', 'Condition']);

export function documentProblem(text: string, kind: DocumentKind): DocumentProblem | undefined {
  const document = parse(text);
  if (document === undefined) return { key: 'policy-json' };
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return { key: 'policy-syntax' };
  const { Version, Id, Statement: statements, ...rest } = document as Statement;
  if (Object.keys(rest).length > 0 || statements === undefined) return { key: 'policy-syntax' };
  if (Id !== undefined && typeof Id !== 'string') return { key: 'policy-syntax' };
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') return { key: 'policy-version' };
  const all = list(statements);
  if (all.length === 0) return { key: 'policy-syntax' };
  const sids = all.map((statement) => (statement as Statement | null)?.Sid).filter((sid) => sid !== undefined && sid !== '');
  const problem = all.map((statement) => statementProblem(statement, kind)).find((found) => found !== undefined);
  return problem ?? (new Set(sids).size === sids.length ? undefined : { key: 'policy-sid-twice' });
}

function statementProblem(value: unknown, kind: DocumentKind): DocumentProblem | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { key: 'policy-syntax' };
  const statement = value as Statement;
  if (Object.keys(statement).some((member) => !MEMBERS.has(member))) return { key: 'policy-syntax' };
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') return { key: 'policy-syntax' };
  const badSid = statement.Sid !== undefined && !/^[A-Za-z0-9]*$/.test(String(statement.Sid));
  if (badSid) return { key: 'policy-sid' };
  const condition = conditionProblem(statement.Condition);
  if (condition) return condition;
  const actions = strings(statement.Action ?? statement.NotAction);
  if (actions === undefined) return { key: 'policy-syntax' };
  if (actions.length === 0) return { key: 'policy-no-actions' };
  const plain = actions.find((action) => action !== '*' && !/^[A-Za-z0-9-]+:.+$/.test(action));
  if (plain !== undefined) return { key: 'policy-vendor' };
  return kind === 'identity' ? identityProblem(statement) : trustProblem(statement);
}

/** An operator, whether IfExists, for any or for all values; under it keys, under these values. */
function conditionProblem(condition: unknown): DocumentProblem | undefined {
  if (condition === undefined) return undefined;
  if (!isObject(condition)) return { key: 'policy-syntax' };
  for (const [operator, keys] of Object.entries(condition)) {
    if (!isObject(keys) || !Object.values(keys).every(isConditionValue)) return { key: 'policy-syntax' };
    const plain = operator.toLowerCase().replace(/^for(any|all)values?:/, '');
    // Whether a key is there at all is no matter of its values.
    if (plain !== 'null' && !CONDITION_OPERATORS.has(plain.replace(/ifexists$/, ''))) return { key: 'policy-condition', values: [operator] };
  }
  return undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isConditionValue(value: unknown): boolean {
  return list(value).every((each) => ['string', 'number', 'boolean'].includes(typeof each));
}

function identityProblem(statement: Statement): DocumentProblem | undefined {
  if (statement.Principal !== undefined || statement.NotPrincipal !== undefined) return { key: 'policy-principal' };
  const resources = strings(statement.Resource ?? statement.NotResource);
  if (resources === undefined) return { key: 'policy-syntax' };
  if (resources.length === 0) return { key: 'policy-no-resources' };
  const odd = resources.find((resource) => resource !== '*' && !/^arn:([^:]*:){4}.+$/.test(resource));
  return odd === undefined ? undefined : { key: 'policy-resource', values: [odd] };
}

function trustProblem(statement: Statement): DocumentProblem | undefined {
  if (statement.Resource !== undefined || statement.NotResource !== undefined) return { key: 'trust-resource' };
  const principal = statement.Principal ?? statement.NotPrincipal;
  if (principal === undefined) return { key: 'trust-no-principal' };
  const foreign = strings(statement.Action ?? statement.NotAction)!.find((action) => action !== '*' && !/^sts:/i.test(action));
  return foreign === undefined ? undefined : { key: 'trust-action' };
}

/** The principals of kind `AWS` that a trust policy names. */
export function awsPrincipals(text: string): string[] {
  const { Statement: statements } = parse(text) as { Statement: unknown };
  return list(statements).flatMap((statement) => {
    const { Principal } = statement as { Principal?: unknown };
    if (typeof Principal !== 'object' || Principal === null) return [];
    return strings((Principal as { AWS?: unknown }).AWS) ?? [];
  });
}

/** Characters that count against a quota: white space does not. */
export function countedSize(text: string): number {
  return text.replace(/\s/g, '').length;
}

/** As IAM answers documents: percent-encoded. */
export function encodeDocument(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** One text or several; nothing given is none, anything else is undefined. */
function strings(value: unknown): string[] | undefined {
  if (value === undefined) return [];
  const all = list(value);
  return all.every((each) => typeof each === 'string') ? all as string[] : undefined;
}

import { idFormat } from '../kernel';
import { valuesOf } from './parameters-in-force';
import type { Deployed, Plan } from './plan/plan';
import { plan } from './plan/plan';
import { isCustomResource } from './spec';
import { isDeleted, live, resources, stacks } from './state';
import type { Deployment, ResourceRecord, StackRecord } from './state';
import { environmentFor, ssmValue, templateOf } from './surroundings';
import { ServiceError } from '../wire/operation';
import type { Caller, Context } from '../wire/operation';
import { Evaluator } from './template/evaluate';
import { checkFunctions } from './template/functions';
import { checkLimits } from './template/limits';
import type { TemplateLimits } from './template/limits';
import { resolveParameters } from './template/parameters';
import type { GivenParameter } from './template/parameters';
import { parseTemplate } from './template/parse';
import { checkTypes, neededCapabilities } from './template/policies';
import { dependencies } from './template/references';
import { checkRules } from './template/rules';
import type { Template, ValueMap } from './template/template';
import { checkTransforms } from './template/transforms';
import { refused } from './texts';
import { attributeOf } from './types/attributes';

export interface Tag {
  readonly Key?: string;
  readonly Value?: string;
}

export interface Wanted {
  readonly text: string;
  readonly parameters?: readonly GivenParameter[];
  readonly tags?: readonly Tag[];
  readonly capabilities?: readonly string[];
  /** As whom parameters are read and the template is evaluated. */
  readonly caller: Caller;
}

/** Checks all of a template that can be checked without a stack. */
export function checkedTemplate(context: Context, text: string): Template {
  const template = parseTemplate(text);
  checkLimits(template, context.row<TemplateLimits>('template-limits'));
  checkTransforms(template);
  checkFunctions(template);
  dependencies(template);
  checkTypes(template, context.row<string[]>('snapshot-types'));
  return template;
}

/** What a request wants deployed: template, parameters and tags, checked. */
export function prepare(context: Context, stack: StackRecord, wanted: Wanted): { deployment: Deployment; template: Template } {
  const template = checkedTemplate(context, wanted.text);
  checkCapabilities(template, wanted.capabilities ?? []);
  const previous = stack.deployed ?? stack.target;
  const parameters = resolveParameters(template, wanted.parameters ?? [], {
    previous: previous?.parameters,
    ssm: (name) => ssmValue(context, name, wanted.caller),
  });
  const tags = wanted.tags === undefined ? previous?.tags ?? {} : tagMap(wanted.tags);
  const deployment: Deployment = { template: context.kernel.blobs.put(Buffer.from(wanted.text, 'utf8')), parameters, tags };
  const environment = environmentFor(context, stack, deployment, wanted.caller);
  checkRules(template, new Evaluator(template, environment, { ref: (id) => id, attribute: (id) => id }));
  return { deployment, template };
}

function tagMap(tags: readonly Tag[]): ValueMap {
  const keys = tags.map(({ Key }) => Key!);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice) throw refused('text-duplicate-tag-keys', { twice });
  const reserved = keys.find((key) => key.startsWith('aws:'));
  if (reserved) throw refused('text-reserved-tag-keys');
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key!, Value ?? '']));
}

function checkCapabilities(template: Template, given: readonly string[]): void {
  const { capabilities } = neededCapabilities(template);
  // The right to name things includes the right to make them.
  const missing = capabilities.filter((each) => !given.includes(each) && !(each === 'CAPABILITY_IAM' && given.includes('CAPABILITY_NAMED_IAM')));
  if (missing.length > 0) {
    throw refused('text-capabilities', { capabilities: missing.join(', ') }, 'InsufficientCapabilitiesException');
  }
}

/** What deploying would change. */
export function planFor(context: Context, stack: StackRecord, deployment: Deployment, caller: Caller, imports: { [id: string]: string } = {}): Plan {
  return plan({
    deployed: deployedOf(context, stack),
    template: templateOf(context, deployment),
    environment: environmentFor(context, stack, deployment, caller),
    stackTags: deployment.tags,
    imports,
    mayChange: (type, attribute) => mayChange(context, type, attribute),
  });
}

/** Which attributes a change in place may change: those of custom resources and nested stacks, and a few of others. */
function mayChange(context: Context, type: string, attribute: string): boolean {
  if (context.row<string>('attributes-after-change') === 'all') return true;
  if (isCustomResource(type) || type === 'AWS::CloudFormation::Stack') return true;
  return context.row<{ readonly [type: string]: readonly string[] }>('volatile-attributes')[type]?.includes(attribute) ?? false;
}

/** The stack as it is, for comparisons; attributes are looked up as they are asked for. */
export function deployedOf(context: Context, stack: StackRecord): Deployed {
  const previous = stack.deployed ?? stack.target;
  const standing = resources(context, stack.stackId).values().filter((record) => isStanding(record));
  return {
    template: previous && templateOf(context, previous),
    parameters: previous ? valuesOf(previous.parameters) : {},
    outputs: stack.outputs,
    resources: Object.fromEntries(standing.map((record) => {
      const version = live(record)!;
      const attributes = new Proxy({} as ValueMap, {
        get: (_, name) => attributeOrNothing(context, stack.stackId, record, String(name)),
      });
      return [record.logicalId, { ...version, physicalId: version.physicalId!, attributes }];
    })),
  };
}

function isStanding(record: ResourceRecord): boolean {
  const version = live(record);
  return version?.physicalId !== undefined && !(version.failed && version.physicalId !== record.current?.physicalId);
}

function attributeOrNothing(context: Context, stackId: string, record: ResourceRecord, name: string): ValueMap[string] {
  try {
    return attributeOf(context, stackId, record.logicalId, live(record)!, name);
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

export interface NewStack {
  readonly name: string;
  readonly roleArn?: string;
  readonly notificationArns?: readonly string[];
  readonly capabilities?: readonly string[];
  readonly disableRollback?: boolean;
  readonly timeoutInMinutes?: number;
  readonly terminationProtection?: boolean;
  readonly parentId?: string;
  readonly parentLogicalId?: string;
  readonly rootId?: string;
  readonly request?: StackRecord['request'];
}

/** Names are checked where callers choose them: those that CloudFormation makes are fine. */
export function checkStackName(context: Context, name: string): void {
  const limit = context.row<number>('stack-name-characters');
  if (!/^[a-zA-Z][-a-zA-Z0-9]*$/.test(name)) throw refused('text-stack-name', { name });
  if (name.length > limit) throw refused('text-stack-name-too-long', { name, limit });
}

/** Writes down a stack that nothing has been done to yet. */
export function newStack(context: Context, given: NewStack): StackRecord {
  const { name } = given;
  const limit = context.row<number>('quota-stacks');
  if (stacks(context).values().filter((stack) => !isDeleted(stack)).length >= limit) throw refused('text-stack-quota', { limit }, 'LimitExceededException');
  if (stacks(context).values().some((stack) => stack.stackName === name && !isDeleted(stack))) {
    throw refused('text-stack-exists', { name }, 'AlreadyExistsException');
  }
  const stackId = context.arn('cloudformation', `stack/${name}/${idFormat.uuid(context.id('stack', name))}`);
  return stacks(context).put(stackId, {
    stackId,
    stackName: name,
    status: 'REVIEW_IN_PROGRESS',
    createdHost: context.kernel.hostTime(),
    outputs: [],
    imports: [],
    roleArn: given.roleArn,
    notificationArns: given.notificationArns ?? [],
    capabilities: given.capabilities ?? [],
    disableRollback: given.disableRollback ?? false,
    timeoutInMinutes: given.timeoutInMinutes,
    terminationProtection: given.terminationProtection ?? false,
    parentId: given.parentId,
    parentLogicalId: given.parentLogicalId,
    rootId: given.rootId,
    request: given.request,
    operations: [],
    ordinal: 0,
  });
}

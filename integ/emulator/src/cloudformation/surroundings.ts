import { idFormat } from '../kernel';
import type { Values } from '../kernel';
import { unresolved } from './errors';
import { valuesOf } from './parameters-in-force';
import { isDeleted, live, operations, resources, stacks } from './state';
import type { Deployment, StackRecord } from './state';
import { attributeOf } from './types/attributes';
import type { Caller, Context } from '../wire/operation';
import { ServiceError } from '../wire/operation';
import { resolvePlain } from './template/dynamic';
import type { SecretSource } from './template/dynamic';
import type { Environment, Resources } from './template/evaluate';
import { parseTemplate } from './template/parse';
import type { Template } from './template/template';
import { refused, text } from './texts';

/** Parsed templates by the name of their blob: contents never change under a name. */
const parsed = new Map<string, Template>();

export function templateOf(context: Context, deployment: Deployment): Template {
  let template = parsed.get(deployment.template);
  if (!template) {
    template = parseTemplate(context.kernel.blobs.get(deployment.template).toString('utf8'));
    parsed.set(deployment.template, template);
  }
  return template;
}

/** As whom a stack's calls are made: its role, or whoever asked for the operation. */
export function actingAs(context: Context, roleArn: string | undefined, asker: Caller = context.caller): Caller {
  const position = { kind: 'service', service: 'cloudformation' } as const;
  if (!roleArn) return { principal: asker.principal, position };
  const account = roleArn.split(':')[4] || context.account;
  const roleName = roleArn.split('/').pop()!;
  const arn = context.arn('sts', `assumed-role/${roleName}/AWSCloudFormation`, { region: '', account });
  return { principal: { kind: 'role', account, arn, roleArn, sessionName: 'AWSCloudFormation' }, position };
}

/** @throws when CloudFormation may not act as the role, or there is none */
export function checkRole(context: Context, roleArn: string | undefined): void {
  if (roleArn === undefined) return;
  const { account, partition } = context;
  try {
    context.demand('sts:AssumeRole', roleArn, {
      principal: { kind: 'service', account, service: 'cloudformation.amazonaws.com', arn: `arn:${partition}:iam::${account}:service/cloudformation` },
      position: { kind: 'service', service: 'cloudformation' },
    });
  } catch (error) {
    if (error instanceof ServiceError) throw refused('text-role-not-assumable', { roleArn });
    throw error;
  }
}

/** As whom the operation under way makes its calls. */
export function stackCaller(context: Context, stack: StackRecord): Caller {
  return actingAs(context, stack.roleArn, operations(context).get(stack.stackId)?.caller);
}

export interface Place {
  readonly stackName: string;
  readonly stackId: string;
  readonly notificationArns: readonly string[];
}

export function environmentFor(context: Context, place: Place, deployment: Deployment, caller: Caller): Environment {
  const source = secretSource(context, caller);
  return {
    stackName: place.stackName,
    stackId: place.stackId,
    account: context.account,
    region: context.region,
    partition: context.partition,
    notificationArns: place.notificationArns,
    parameters: valuesOf(deployment.parameters),
    importValue: (name) => {
      const output = exported(context).find(({ exportName }) => exportName === name);
      if (!output) throw refused('text-no-export', { name });
      return output.value;
    },
    zones: (region) => zonesOf(context, region, caller),
    plain: (value) => resolvePlain(value, source),
  };
}

export interface Exported {
  readonly stackId: string;
  readonly stackName: string;
  readonly exportName: string;
  readonly value: string;
}

/** Every export of this account and region. */
export function exported(context: Context): Exported[] {
  return stacks(context).values().filter((stack) => !isDeleted(stack)).flatMap(({ stackId, stackName, outputs }) =>
    outputs.flatMap(({ exportName, value }) => (exportName === undefined ? [] : [{ stackId, stackName, exportName, value }])));
}

/** Names of the stacks that use an export. */
export function importersOf(context: Context, exportName: string): string[] {
  return stacks(context).values().filter((stack) => !isDeleted(stack) && stack.imports.includes(exportName)).map(({ stackName }) => stackName);
}

/** Why a stack cannot be deleted, when others use what it exports. */
export function exportsInUse(context: Context, stack: StackRecord): string | undefined {
  for (const { exportName } of stack.outputs) {
    if (exportName === undefined) continue;
    const users = importersOf(context, exportName).filter((name) => name !== stack.stackName);
    if (users.length > 0) return text(context, 'text-export-in-use', { exportName, users: enumerated(users) });
  }
  return undefined;
}

/** `A`, `A and B`, `A, B and C`. */
export function enumerated(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}

export function zonesOf(context: Context, region: string, caller: Caller): string[] {
  const { AvailabilityZones: zones = [] } = context.at({ region }).call<{ AvailabilityZones?: Array<{ ZoneName?: string; State?: string }> }>(
    'ec2', 'DescribeAvailabilityZones', {}, caller);
  return zones.filter(({ State }) => State === undefined || State === 'available').map(({ ZoneName }) => ZoneName!).sort();
}

/** Where dynamic references are looked up, as the stack's caller. */
export function secretSource(context: Context, caller: Caller): SecretSource {
  return {
    parameter: (name, version, secure) => {
      const whole = version ? `${name}:${version}` : name;
      const { Parameter: parameter } = lookedUp('text-dynamic-reference-missing', { kind: secure ? 'ssm-secure' : 'ssm', name: whole }, () =>
        context.call<{ Parameter: { Value: string; Type: string } }>('ssm', 'GetParameter', { Name: whole, WithDecryption: secure }, caller));
      if (!secure && parameter.Type === 'SecureString') {
        throw refused('text-ssm-needs-secure', { name });
      }
      return parameter.Value;
    },
    secret: (id, stage, version) => {
      const requestId = idFormat.uuid(context.kernel.ids.named('cloudformation-secret', id, String(context.now)));
      const { SecretString: secret } = lookedUp('text-secret-not-found', { requestId }, () => context.call<{ SecretString?: string }>(
        'secretsmanager', 'GetSecretValue', { SecretId: id, VersionStage: stage, VersionId: version }, caller));
      if (secret === undefined) throw refused('text-no-secret-string', { id });
      return secret;
    },
  };
}

/** What a dynamic reference names and is not there is CloudFormation's to tell, not the service's. */
function lookedUp<T>(row: string, values: Values, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof ServiceError && /NotFound/.test(error.code)) throw refused(row, values);
    throw error;
  }
}

/** Value of a stored parameter, for `AWS::SSM::Parameter::Value<…>`. */
export function ssmValue(context: Context, name: string, caller: Caller): string | undefined {
  try {
    return context.call<{ Parameter: { Value: string } }>('ssm', 'GetParameter', { Name: name }, caller).Parameter.Value;
  } catch (error) {
    if (error instanceof ServiceError && error.code !== 'NotImplemented') return undefined;
    throw error;
  }
}

/** The resources of a stack as they are at this moment of an operation. */
export function liveResources(context: Context, stackId: string): Resources {
  const table = resources(context, stackId);
  return {
    ref: (id) => live(table.get(id))?.physicalId ?? unresolved(id),
    attribute: (id, attribute) => {
      const version = live(table.get(id));
      return version ? attributeOf(context, stackId, id, version, attribute) : unresolved(id);
    },
  };
}

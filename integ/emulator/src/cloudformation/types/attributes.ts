import { idFormat } from '../../kernel';
import type { Context } from '../../wire/operation';
import { reportNotBuilt } from '../hosts';
import { isCustomResource, specOf } from '../spec';
import type { Version } from '../state';
import { isObject } from '../template/template';
import type { Value } from '../template/template';
import { refused } from '../texts';

/** What `Fn::GetAtt` gives for a resource as it is now. */
export function attributeOf(context: Context, stackId: string, logicalId: string, version: Version, name: string): Value {
  const { type, attributes, properties, physicalId = '' } = version;
  const own = attributes[name] ?? within(attributes, name);
  if (own !== undefined) return own;
  if (isCustomResource(type)) {
    const requestId = isObject(version.memory as never) ? (version.memory as { requestId?: string }).requestId ?? '' : '';
    throw refused('text-no-such-attribute-in-response', { name, stackId, logicalId, requestId });
  }
  const spec = specOf(type);
  const kind = spec?.attributes?.[name];
  if (kind === undefined) throw refused('text-no-such-attribute', { logicalId, name });
  if (properties[name] !== undefined) return properties[name]!;
  if (spec?.id?.length === 1 && spec.id[0] === name) return physicalId;
  reportNotBuilt(context, `attribute ${name} of ${type}: its value is made up`);
  return generated(context, type, physicalId, name, kind);
}

function within(attributes: Value, name: string): Value | undefined {
  return name.split('.').reduce<Value | undefined>((value, part) => (isObject(value) ? value[part] : undefined), attributes);
}

/** A value of the right shape for an attribute that nobody computes. */
export function generated(context: Context, type: string, physicalId: string, name: string, kind: string): Value {
  const [, service = 'service', resource = 'resource'] = type.toLowerCase().split('::');
  const bytes = context.kernel.ids.named('cloudformation-attribute', type, physicalId, name);
  if (/^(integer|number)/.test(kind)) return '0';
  if (kind.startsWith('boolean')) return 'false';
  if (kind.startsWith('[')) return [];
  if (kind.startsWith('{') || kind === 'json' || kind === 'object') return {};
  const allowed = /^string\(([^)|]+)/.exec(kind);
  if (allowed) return allowed[1];
  if (/Arn$/i.test(name)) return physicalId.startsWith('arn:') ? physicalId : context.arn(service, `${resource}/${physicalId}`);
  if (/(Url|Endpoint)$/i.test(name)) return `${idFormat.hex(bytes, 12)}.${service}.${context.region}.amazonaws.com`;
  return idFormat.hex(bytes, 17);
}

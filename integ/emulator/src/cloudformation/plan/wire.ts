import type { Desired } from './decide';
import { differences } from './equal';
import type { Change, Detail } from './plan';
import type { Value, ValueMap } from '../template/template';

/** A planned change as `DescribeChangeSet` tells it. */
export function changeOutput(change: Change, withValues: boolean, hide: (text: string) => string): Record<string, unknown> {
  const { action, logicalId, type, physicalId, replacement, policyAction, scope, details, before, after } = change;
  return {
    Type: 'Resource',
    ResourceChange: {
      PolicyAction: policyAction,
      Action: action,
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      ResourceType: type,
      Replacement: replacement,
      Scope: [...scope],
      Details: details.flatMap((detail) => (withValues ? detailsWithValues(detail, hide) : [detailOutput(detail)])),
      BeforeContext: withValues && before ? hide(JSON.stringify(contextOf(before))) : undefined,
      AfterContext: withValues && after ? hide(JSON.stringify(contextOf(after))) : undefined,
    },
  };
}

function detailOutput(detail: Detail, target: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    Target: { Attribute: detail.attribute, Name: detail.name, RequiresRecreation: detail.requiresRecreation, ...target },
    Evaluation: detail.evaluation,
    ChangeSource: detail.source,
    CausingEntity: detail.causingEntity,
  };
}

/** With values every place that differs has a detail of its own. */
function detailsWithValues(detail: Detail, hide: (text: string) => string): Array<Record<string, unknown>> {
  const root = detail.name === undefined ? `/${detail.attribute}` : `/Properties/${detail.name}`;
  const places = differences(detail.before, detail.after, root);
  if (places.length === 0) return [detailOutput(detail, { Path: root })];
  return places.map(({ path, type, before, after }) => detailOutput(detail, {
    Path: path,
    AttributeChangeType: type,
    BeforeValue: before === undefined ? undefined : hide(valueText(before)),
    AfterValue: after === undefined ? undefined : hide(valueText(after)),
  }));
}

function valueText(value: Value): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function contextOf({ properties, metadata, deletionPolicy, updateReplacePolicy, creationPolicy, updatePolicy }: Desired): ValueMap {
  return {
    Properties: stringsOf(properties) as ValueMap,
    Metadata: metadata,
    CreationPolicy: creationPolicy,
    UpdatePolicy: updatePolicy,
    DeletionPolicy: deletionPolicy === 'Delete' ? undefined : deletionPolicy,
    UpdateReplacePolicy: updateReplacePolicy === 'Delete' ? undefined : updateReplacePolicy,
  };
}

/** Scalars as text, as CloudFormation keeps them. */
export function stringsOf(value: Value): Value {
  if (Array.isArray(value)) return (value as readonly Value[]).map(stringsOf);
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return Object.fromEntries(members.map(([key, inner]) => [key, stringsOf(inner as Value)]));
  }
  return value === null ? value : String(value);
}

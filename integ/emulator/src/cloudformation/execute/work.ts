import type { Context } from '../../wire/operation';
import { isCustomResource } from '../spec';
import type { StackRecord, TaskRecord, Version } from '../state';
import { secretSource, stackCaller } from '../surroundings';
import { hasSecret, resolveSecrets } from '../template/dynamic';
import { isObject } from '../template/template';
import type { ValueMap } from '../template/template';
import type { Work } from '../types/handler';

/** What a handler gets to see: secrets are looked up here and nowhere kept. */
export function workOn(
  { context, stack, task }: { readonly context: Context; readonly stack: StackRecord; readonly task: TaskRecord },
  version: Version,
  previous?: Version,
): Work {
  const caller = stackCaller(context, stack);
  const source = secretSource(context, caller);
  // A custom resource gets the text of the reference: CloudFormation does not look up secrets for functions.
  const literal = isCustomResource(version.type) && context.row<string>('secrets-in-custom-resources') === 'literal';
  const reveal = (properties: ValueMap): ValueMap =>
    (hasSecret(properties) && !literal ? resolveSecrets(properties, source) as ValueMap : properties);
  const data = task.data as { handler?: Work['data'] } | undefined;
  return {
    context,
    caller,
    stackId: stack.stackId,
    stackName: stack.stackName,
    taskId: task.id,
    logicalId: task.logicalId,
    type: version.type,
    token: task.token ?? '',
    uid: version.uid,
    physicalId: version.physicalId,
    // A deletion must not fail because a secret is gone already.
    properties: task.action === 'delete' ? version.properties : reveal(version.properties),
    previous: previous?.properties,
    attributes: version.attributes,
    stackTags: version.stackTags ?? {},
    systemTags: {
      'aws:cloudformation:stack-name': stack.stackName,
      'aws:cloudformation:logical-id': task.logicalId,
      'aws:cloudformation:stack-id': stack.stackId,
    },
    updatePolicy: isObject(version.updatePolicy) ? version.updatePolicy : undefined,
    data: data?.handler ?? undefined,
    memory: version.memory,
    startedAt: task.startedAt ?? context.now,
  };
}

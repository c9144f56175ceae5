import type { Context } from '../../wire/operation';
import { isCustomResource } from '../spec';
import { customResource } from './custom-resource';
import { done } from './handler';
import type { Handler } from './handler';
import { nestedStack } from './nested-stack';
import { physicalName } from './physical-name';
import { recorded } from './recorded';
import { rowHandler } from './row-handler';
import { ROWS } from './rows';
import { waitCondition, waitConditionHandle } from './wait-condition';

/** Only says something to AWS: nothing is made. */
const metadata: Handler = {
  create: (work) => done(physicalName(work)),
  update: (work) => done(work.physicalId!),
  delete: (work) => done(work.physicalId!),
  resume: (work) => done(work.physicalId!),
};

const SPECIAL: { readonly [type: string]: Handler } = {
  'AWS::CloudFormation::Stack': nestedStack,
  'AWS::CloudFormation::WaitCondition': waitCondition,
  'AWS::CloudFormation::WaitConditionHandle': waitConditionHandle,
  'AWS::CDK::Metadata': metadata,
};

const built = new Map<string, Handler>();

export function handlerFor(_context: Context, type: string): Handler {
  if (isCustomResource(type)) return customResource;
  const special = SPECIAL[type];
  if (special) return special;
  const row = ROWS[type];
  if (!row) return recorded;
  let handler = built.get(type);
  if (!handler) {
    handler = rowHandler(row);
    built.set(type, handler);
  }
  return handler;
}

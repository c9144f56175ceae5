import type { Context, Output } from '../../../wire/operation';
import { checkUpdatable } from '../configuration';
import { invalid } from '../errors';
import { findFunction, parseName } from '../names';
import { publish } from '../publish';

interface PublishInput {
  readonly FunctionName: string;
  readonly CodeSha256?: string;
  readonly Description?: string;
  readonly RevisionId?: string;
}

export function publishVersion(context: Context, input: PublishInput): Output {
  const record = findFunction(context, parseName(context, input.FunctionName));
  checkUpdatable(context, record, input.RevisionId);
  if (input.CodeSha256 !== undefined && input.CodeSha256 !== record.latest.CodeSha256) {
    throw invalid(`CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${record.latest.CodeSha256}). `
      + 'Please try again with the CodeSHA256 in $LATEST.');
  }
  return publish(context, record, input.Description ?? record.latest.Description);
}

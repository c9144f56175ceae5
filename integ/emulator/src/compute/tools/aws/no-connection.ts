import { parseArguments } from './arguments';
import type { Unreachable } from '../../../access/reach';
import type { ToolAnswer, ToolCall, ToolContext } from '../tool';

/**
 * What the CLI says when nobody answers, after all its attempts. It tries for a minute each time unless it is told otherwise; told to try for ever, it
 * tries as long as its system does.
 */
export function noConnection(context: ToolContext, call: ToolCall, error: Unreachable): ToolAnswer {
  const { words: [command = '', verb], global } = parseArguments(call.argv);
  const url = `https://${error.host}/`;
  // `s3 cp` and its like say so of themselves, and end with 1.
  const [opening, exitCode] = command === 's3' && verb !== 'ls' ? ['fatal error: ', 1] : ['\n', 255];
  if (error.way.unresolved) return { exitCode, stderr: `${opening}Could not connect to the endpoint URL: "${url}"\n` };
  const given = Number(global['cli-connect-timeout'] ?? context.row<number>('aws-connect-timeout'));
  const seconds = given > 0 ? given : context.row<number>('curl-connect-timeout');
  return { exitCode, stderr: `${opening}Connect timeout on endpoint URL: "${url}"\n`, chargeMs: seconds * 1000 * context.row<number>('aws-attempts') };
}

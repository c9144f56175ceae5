import type { LogEvent } from './state';
import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

interface Directive {
  readonly Namespace?: unknown;
  readonly Dimensions?: unknown;
  readonly Metrics?: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Puts the metrics of log events in embedded metric format: JSON objects whose `_aws` says which members are metrics, and by which they are told apart.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function putEmbeddedMetrics(context: Context, events: ReadonlyArray<Pick<LogEvent, 'message' | 'at'>>): void {
  for (const { message } of events) {
    // Most lines are none, and parsing is dear.
    if (!message.startsWith('{') || !message.includes('"CloudWatchMetrics"')) continue;
    const root = parsed(message);
    const metadata = root?._aws as { readonly Timestamp?: unknown; readonly CloudWatchMetrics?: unknown } | undefined;
    if (!root || typeof metadata?.Timestamp !== 'number' || !Array.isArray(metadata.CloudWatchMetrics)) continue;
    for (const directive of metadata.CloudWatchMetrics as Directive[]) put(context, root, directive, new Date(metadata.Timestamp));
  }
}

/** A directive that does not keep to the specification is left out, as CloudWatch does: the log event is there all the same. */
function put(context: Context, root: Fields, { Namespace, Dimensions, Metrics }: Directive, Timestamp: Date): void {
  if (typeof Namespace !== 'string' || !Array.isArray(Metrics) || !Array.isArray(Dimensions)) return;
  const MetricData = (Dimensions as unknown[]).flatMap((names) => {
    const dimensions = dimensionsOf(root, names);
    return dimensions ? (Metrics as Fields[]).flatMap((metric) => datumOf(root, metric, dimensions, Timestamp)) : [];
  });
  if (MetricData.length === 0) return;
  try {
    context.call('cloudwatch', 'PutMetricData', { Namespace, MetricData }, {
      principal: { kind: 'service', account: context.account, service: 'logs.amazonaws.com', arn: `arn:${context.partition}:iam::${context.account}:role/aws-service-role/logs.amazonaws.com` },
      position: { kind: 'service', service: 'logs' },
      activityId: undefined,
    });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
  }
}

function dimensionsOf(root: Fields, names: unknown): object[] | undefined {
  if (!Array.isArray(names)) return undefined;
  const dimensions = (names as string[]).map((Name) => ({ Name, Value: root[Name] }));
  return dimensions.every(({ Value }) => typeof Value === 'string') ? dimensions : undefined;
}

/** A metric is a number or a list of numbers. */
function datumOf(root: Fields, { Name, Unit }: Fields, Dimensions: object[], Timestamp: Date): object[] {
  const Values = [root[String(Name)]].flat();
  if (Values.length === 0 || !Values.every((value) => typeof value === 'number')) return [];
  return [{ MetricName: Name, Dimensions, Timestamp, Unit: Unit ?? 'None', Values }];
}

function parsed(message: string): Fields | undefined {
  try {
    return JSON.parse(message) as Fields;
  } catch {
    return undefined;
  }
}

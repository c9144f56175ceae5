import type { ParameterVersion } from './state';
import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { itself } from '../itself';

/** Parameters that AWS publishes under /aws/service: looked up when asked for, never stored. */
interface PublicImage {
  readonly name: string;
  readonly pattern: string;
  readonly architecture: string;
}

interface Image {
  readonly ImageId: string;
  readonly Name?: string;
  readonly Architecture?: string;
  readonly CreationDate?: string;
}

const REGIONS = '/aws/service/global-infrastructure/regions/';
const CURRENT = '/aws/service/global-infrastructure/current-region';

export function publicParameter(context: Context, name: string): ParameterVersion | undefined {
  const image = context.row<PublicImage[]>('public-images').find((candidate) => candidate.name === name);
  if (image) {
    const id = newestImage(context, image);
    return id === undefined ? undefined : published(name, id, 'aws:ec2:image');
  }
  if (name === CURRENT) return published(name, context.region);
  const region = name.startsWith(REGIONS) ? name.slice(REGIONS.length) : '';
  return context.row<string[]>('public-regions').includes(region) ? published(name, region) : undefined;
}

export function publicParameters(context: Context): ParameterVersion[] {
  const names = [
    ...context.row<PublicImage[]>('public-images').map(({ name }) => name),
    CURRENT,
    ...context.row<string[]>('public-regions').map((region) => REGIONS + region),
  ];
  return names.map((name) => publicParameter(context, name)).filter((parameter) => parameter !== undefined);
}

function newestImage(context: Context, { pattern, architecture }: PublicImage): string | undefined {
  try {
    const { Images = [] } = context.call<{ Images?: Image[] }>('ec2', 'DescribeImages', { Owners: ['amazon'] }, itself(context));
    return Images
      .filter((image) => image.Name?.startsWith(pattern) && image.Architecture === architecture)
      .sort((a, b) => (b.CreationDate ?? '').localeCompare(a.CreationDate ?? ''))[0]?.ImageId;
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

function published(name: string, value: string, dataType: string = 'text'): ParameterVersion {
  return { name, version: 1, type: 'String', value, tier: 'Standard', dataType, labels: [], modifiedAt: 0, modifiedBy: 'arn:aws:iam::aws:service' };
}

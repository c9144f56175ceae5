import { itself } from './itself';
import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

/** What an instance's system calls itself, by the name of the image it was launched from. */
export function platformOf(context: Context, imageId: string | undefined): { name: string; version: string } {
  const image = imageName(context, imageId);
  if (/ubuntu/i.test(image)) return { name: 'Ubuntu', version: /(\d\d\.\d\d)/.exec(image)?.[1] ?? '24.04' };
  if (/amzn2-/i.test(image)) return { name: 'Amazon Linux', version: '2' };
  if (/rhel/i.test(image)) return { name: 'Red Hat Enterprise Linux', version: /rhel-(\d+\.\d+)/i.exec(image)?.[1] ?? '9.4' };
  return { name: 'Amazon Linux', version: '2023' };
}

function imageName(context: Context, imageId: string | undefined): string {
  if (imageId === undefined) return '';
  try {
    return context.call<{ Images?: Array<{ Name?: string }> }>('ec2', 'DescribeImages', { ImageIds: [imageId] }, itself(context)).Images?.[0]?.Name ?? '';
  } catch (error) {
    if (error instanceof ServiceError) return '';
    throw error;
  }
}

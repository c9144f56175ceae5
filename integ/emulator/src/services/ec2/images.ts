import { idFormat } from '../../kernel';
import type { Kernel, Table } from '../../kernel';
import type { Context } from '../../wire/operation';

export interface Image {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly architecture: string;
  /** Id of the account that publishes it. */
  readonly owner: string;
  /** As the wire has it: images are older than the emulator's own time, or as old as their publication. */
  readonly createdAt: string;
  readonly rootDevice: string;
  readonly rootSize: number;
}

interface ImageRow {
  readonly name: string;
  readonly description: string;
  readonly architecture: string;
  readonly createdAt: string;
  readonly rootDevice: string;
  readonly rootSize: number;
  /** Left out where it is Amazon. */
  readonly owner?: string;
}

interface Published {
  readonly name: string;
  /** The row it is a newer version of. */
  readonly family: string;
  readonly generation: number;
  readonly at: number;
}

const published = (kernel: Kernel, region: string): Table<Published> => kernel.store.table(`ec2/published-images@${region}`);

/** Images of Amazon and others in the context's region, oldest first. */
export function images(context: Context): Image[] {
  const rows = context.row<Readonly<Record<string, ImageRow>>>('ec2/images');
  const amazon = context.row<string>('ec2/amazon-image-owner');
  const first = Object.values(rows).map((row) => ({ id: imageId(context.kernel, context.region, row.name), owner: amazon, ...row }));
  const later = published(context.kernel, context.region).values().map(({ name, family, generation, at }): Image => ({
    owner: amazon,
    ...rows[family],
    id: imageId(context.kernel, context.region, name),
    name,
    // Two of the same instant still have an order.
    createdAt: new Date(context.kernel.hostTime(at) + generation).toISOString(),
  }));
  return [...first, ...later];
}

function imageId(kernel: Kernel, region: string, name: string): string {
  return `ami-${idFormat.hex(kernel.ids.named('image', region, name), 17)}`;
}

/**
 * From the control door: a newer version of all images is published in a region.
 *
 * @returns the ids of the new images, by row
 */
export function publishImage(kernel: Kernel, place: { readonly region: string; readonly architecture?: string }): Record<string, string> {
  return kernel.transaction(() => {
    const rows = kernel.tables.value<Readonly<Record<string, ImageRow>>>('ec2', 'images');
    const table = published(kernel, place.region);
    const made: Record<string, string> = {};
    for (const [family, row] of Object.entries(rows)) {
      if (place.architecture !== undefined && row.architecture !== place.architecture) continue;
      const generation = table.values().filter((known) => known.family === family).length + 1;
      // `al2023-ami-2023.9.20251020.0-kernel-6.1-x86_64`: the number after the date counts.
      const name = row.name.replace(/\b(\d{8})(\.\d+)?\b/, `$1.${generation}`);
      table.put(name, { name, family, generation, at: kernel.now });
      made[family] = imageId(kernel, place.region, name);
    }
    return made;
  });
}

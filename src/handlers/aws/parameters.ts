import { DeleteParametersCommand, GetParametersByPathCommand, GetParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { SETTINGS } from './client-settings';
import { isNamed } from './errors';

/** What is written down of a cluster, in Parameter Store. */
export interface ParameterApi {
  get(name: string): Promise<string | undefined>;
  /** Several at once, by name: those that are there. At most ten. */
  all(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  under(path: string): Promise<ReadonlyMap<string, string>>;
  /** False when the name is taken: the conditional create that leases and write-once records rest on. */
  create(name: string, value: string): Promise<boolean>;
  overwrite(name: string, value: string): Promise<void>;
  delete(names: readonly string[]): Promise<void>;
}

/** DeleteParameters takes so many names. */
const DELETE_AT_ONCE = 10;

/** Of our own Region, or of another. */
export function parameterApi(region?: string): ParameterApi {
  const client = new SSMClient({ ...SETTINGS, region });
  const all: ParameterApi['all'] = async (names) => {
    const { Parameters = [] } = await client.send(new GetParametersCommand({ Names: [...names] }));
    return new Map(Parameters.map(({ Name, Value }) => [Name!, Value!]));
  };
  return {
    all,
    get: async (name) => (await all([name])).get(name),
    under: async (path) => {
      const found = new Map<string, string>();
      let next: string | undefined;
      do {
        const page = await client.send(new GetParametersByPathCommand({ Path: path, Recursive: true, NextToken: next }));
        for (const { Name, Value } of page.Parameters ?? []) found.set(Name!, Value!);
        next = page.NextToken;
      } while (next);
      return found;
    },
    create: async (name, value) => {
      try {
        await client.send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: false }));
        return true;
      } catch (error) {
        if (isNamed(error, 'ParameterAlreadyExists')) return false;
        throw error;
      }
    },
    overwrite: async (name, value) => {
      await client.send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: true }));
    },
    delete: async (names) => {
      for (let start = 0; start < names.length; start += DELETE_AT_ONCE) {
        await client.send(new DeleteParametersCommand({ Names: names.slice(start, start + DELETE_AT_ONCE) }));
      }
    },
  };
}

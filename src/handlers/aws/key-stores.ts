import {
  ConnectCustomKeyStoreCommand, CreateCustomKeyStoreCommand, DeleteCustomKeyStoreCommand, DescribeCustomKeyStoresCommand,
  DisconnectCustomKeyStoreCommand, KMSClient, UpdateCustomKeyStoreCommand,
} from '@aws-sdk/client-kms';
import type { CustomKeyStoresListEntry } from '@aws-sdk/client-kms';
import { SETTINGS } from './client-settings';
import { ONCE } from './once';

/** A key store as DescribeCustomKeyStores lists it. */
export interface KeyStore {
  readonly storeId: string;
  readonly name: string;
  readonly clusterId: string;
  /** As the API spells it: `DISCONNECTED`, `CONNECTING`, `CONNECTED`, `FAILED`, `DISCONNECTING`. */
  readonly state: string;
  /** Why connecting failed; only when `state` is `FAILED`. */
  readonly errorCode?: string;
  /** PEM. */
  readonly trustAnchor?: string;
}

/** The custom key stores of the account in the Region that rest on CloudHSM clusters. */
export interface KeyStoreApi {
  all(): Promise<readonly KeyStore[]>;
  create(store: { readonly name: string; readonly clusterId: string; readonly password: string; readonly trustAnchor: string }): Promise<string>;
  /** Says nothing about success: that is seen later. Never retried by the SDK: a password is tried once. */
  connect(storeId: string): Promise<void>;
  disconnect(storeId: string): Promise<void>;
  rename(storeId: string, name: string): Promise<void>;
  /** Cluster and password in one call. */
  give(storeId: string, clusterId: string, password: string): Promise<void>;
  delete(storeId: string): Promise<void>;
}

export function keyStoreApi(): KeyStoreApi {
  const client = new KMSClient(SETTINGS);
  const once = () => new KMSClient(ONCE);
  return {
    all: () => listKeyStores(client),
    create: async ({ name, clusterId, password, trustAnchor }) => (await once().send(new CreateCustomKeyStoreCommand({
      CustomKeyStoreName: name, CloudHsmClusterId: clusterId, KeyStorePassword: password, TrustAnchorCertificate: trustAnchor,
    }))).CustomKeyStoreId!,
    connect: async (storeId) => {
      await once().send(new ConnectCustomKeyStoreCommand({ CustomKeyStoreId: storeId }));
    },
    disconnect: async (storeId) => {
      await client.send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId: storeId }));
    },
    rename: async (storeId, name) => {
      await client.send(new UpdateCustomKeyStoreCommand({ CustomKeyStoreId: storeId, NewCustomKeyStoreName: name }));
    },
    give: async (storeId, clusterId, password) => {
      await client.send(new UpdateCustomKeyStoreCommand({ CustomKeyStoreId: storeId, CloudHsmClusterId: clusterId, KeyStorePassword: password }));
    },
    delete: async (storeId) => {
      await client.send(new DeleteCustomKeyStoreCommand({ CustomKeyStoreId: storeId }));
    },
  };
}

/** All pages. Stores of other kinds rest on no cluster. */
export async function listKeyStores(client: KMSClient): Promise<readonly KeyStore[]> {
  const found: KeyStore[] = [];
  let marker: string | undefined;
  do {
    const page = await client.send(new DescribeCustomKeyStoresCommand({ Marker: marker }));
    found.push(...(page.CustomKeyStores ?? []).filter(({ CloudHsmClusterId }) => CloudHsmClusterId).map(toKeyStore));
    marker = page.Truncated ? page.NextMarker : undefined;
  } while (marker);
  return found;
}

function toKeyStore(entry: CustomKeyStoresListEntry): KeyStore {
  return {
    storeId: entry.CustomKeyStoreId!,
    name: entry.CustomKeyStoreName!,
    clusterId: entry.CloudHsmClusterId!,
    state: entry.ConnectionState!,
    errorCode: entry.ConnectionErrorCode,
    trustAnchor: entry.TrustAnchorCertificate,
  };
}

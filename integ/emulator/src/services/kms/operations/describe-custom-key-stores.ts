import type { Context, Output } from '../../../wire/operation';
import { keyStores } from '../key-stores/state';
import type { KeyStoreRecord } from '../key-stores/state';
import { page } from '../paging';
import type { PageWish } from '../paging';
import { date, refusal } from '../text';

/** All of them, or the one that is asked for: that must be there. */
export function describeCustomKeyStores(
  context: Context,
  input: PageWish & { readonly CustomKeyStoreId?: string; readonly CustomKeyStoreName?: string },
): Output {
  const { CustomKeyStoreId: id, CustomKeyStoreName: name } = input;
  if (id !== undefined && name !== undefined) throw refusal(context, 'ValidationException', 'text-id-and-name');
  const found = keyStores(context).values().filter((store) => (id ?? store.id) === store.id && (name ?? store.name) === store.name);
  const asked = id ?? name;
  if (asked !== undefined && found.length === 0) throw refusal(context, 'CustomKeyStoreNotFoundException', 'text-no-key-store', { id: asked });
  const { items, more } = page(context, found, input, context.row('kms/page-key-stores'));
  return { CustomKeyStores: items.map((store) => entryOf(context, store)), ...more };
}

/** The password is never told. */
function entryOf(context: Context, store: KeyStoreRecord): Output {
  return {
    CustomKeyStoreId: store.id,
    CustomKeyStoreName: store.name,
    CloudHsmClusterId: store.clusterId,
    TrustAnchorCertificate: store.trustAnchor,
    ConnectionState: store.state,
    ConnectionErrorCode: store.errorCode,
    CreationDate: date(context, store.createdAt),
    CustomKeyStoreType: 'AWS_CLOUDHSM',
  };
}

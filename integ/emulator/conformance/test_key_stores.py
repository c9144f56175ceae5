"""Custom key stores of KMS on the cluster: every operation in every state. In order: each test goes on from the one before."""

import pytest

from calling import call, code_of, refusal

STATE = 'CustomKeyStoreInvalidStateException'
NAME, PASSWORD = 'conformance', 'KmsUserPassword1KmsUserPassword1'


class Store:
    """The one store of these tests."""

    def __init__(self, life) -> None:
        self.life, self.kms = life, life.world.client('kms', life.place.region)
        self.id = ''

    @property
    def wish(self) -> dict:
        return {
            'CustomKeyStoreName': NAME, 'CloudHsmClusterId': self.life.cluster_id, 'KeyStorePassword': PASSWORD,
            'TrustAnchorCertificate': self.life.authority.anchor,
        }

    def look(self) -> dict:
        return call(self.kms, 'DescribeCustomKeyStores', {'CustomKeyStoreId': self.id})['CustomKeyStores'][0]

    def becomes(self, state: str) -> list:
        seen = []

        def there():
            seen.append(self.look()['ConnectionState'])
            return seen[-1] == state
        self.life.world.until(there)
        return sorted(set(seen), key=seen.index)

    def refused(self, *operations: str) -> None:
        for operation in operations:
            assert code_of(refusal(self.kms, f'{operation}CustomKeyStore', {'CustomKeyStoreId': self.id, **CHANGES.get(operation, {})})) == STATE, operation


CHANGES = {'Update': {'KeyStorePassword': 'AnotherPassword1'}}


@pytest.fixture(scope='module')
def store(life) -> Store:
    life.reach('WITH_SECOND_HSM')
    return Store(life)


@pytest.mark.parametrize(('change', 'code'), [
    ({'CloudHsmClusterId': 'cluster-aaaaaaaaaaa'}, 'CloudHsmClusterNotFoundException'),
    ({'CustomKeyStoreType': 'EXTERNAL_KEY_STORE', 'XksProxyUriPath': '/kms/xks/v1'}, None),
    ({'KeyStorePassword': 'no-letters-or-digits'}, 'ValidationException'),
    ({'KeyStorePassword': None}, 'ValidationException'),
    ({'TrustAnchorCertificate': None}, 'ValidationException'),
    ({'CloudHsmClusterId': None}, 'ValidationException'),
])
def test_no_store_is_made_of(store, change, code):
    given = {name: value for name, value in {**store.wish, **change}.items() if value is not None}
    error = refusal(store.kms, 'CreateCustomKeyStore', given)
    assert error is not None and (code is None or code_of(error) == code)


def test_another_anchor_is_refused(store):
    from authority import Authority
    assert code_of(refusal(store.kms, 'CreateCustomKeyStore', {**store.wish, 'TrustAnchorCertificate': Authority().anchor})) == 'IncorrectTrustAnchorException'


def test_a_store_begins_disconnected_and_is_made_once(store):
    store.id = call(store.kms, 'CreateCustomKeyStore', store.wish)['CustomKeyStoreId']
    entry = store.look()

    assert store.id.startswith('cks-') and entry['ConnectionState'] == 'DISCONNECTED' and 'ConnectionErrorCode' not in entry
    assert (entry['CustomKeyStoreName'], entry['CloudHsmClusterId'], entry['CustomKeyStoreType']) == (NAME, store.life.cluster_id, 'AWS_CLOUDHSM')
    assert 'KeyStorePassword' not in entry and entry['TrustAnchorCertificate'] == store.life.authority.anchor
    assert call(store.kms, 'CreateCustomKeyStore', store.wish)['CustomKeyStoreId'] == store.id
    assert code_of(refusal(store.kms, 'CreateCustomKeyStore', {**store.wish, 'CustomKeyStoreName': 'other'})) == 'CloudHsmClusterInUseException'
    assert code_of(refusal(store.kms, 'CreateCustomKeyStore', {**store.wish, 'CloudHsmClusterId': 'cluster-aaaaaaaaaaa'})) == 'CustomKeyStoreNameInUseException'
    store.refused('Disconnect')
    assert code_of(refusal(store.kms, 'CreateKey', {'Origin': 'AWS_CLOUDHSM', 'CustomKeyStoreId': store.id})) == STATE


def test_stores_are_found_by_id_and_name_and_in_pages(store):
    assert call(store.kms, 'DescribeCustomKeyStores', {'CustomKeyStoreName': NAME})['CustomKeyStores'][0]['CustomKeyStoreId'] == store.id
    assert code_of(refusal(store.kms, 'DescribeCustomKeyStores', {'CustomKeyStoreName': 'nothing'})) == 'CustomKeyStoreNotFoundException'
    both = {'CustomKeyStoreName': NAME, 'CustomKeyStoreId': store.id}
    assert code_of(refusal(store.kms, 'DescribeCustomKeyStores', both)) == 'ValidationException'
    page = call(store.kms, 'DescribeCustomKeyStores', {'Limit': 1})
    assert len(page['CustomKeyStores']) == 1 and page['Truncated'] is False
    assert code_of(refusal(store.kms, 'DescribeCustomKeyStores', {'Marker': 'nonsense'})) == 'InvalidMarkerException'


def test_a_store_without_its_user_fails_and_must_be_disconnected_first(store):
    assert call(store.kms, 'ConnectCustomKeyStore', {'CustomKeyStoreId': store.id}).keys() == {'ResponseMetadata'}
    assert store.look()['ConnectionState'] == 'CONNECTING'
    store.refused('Delete', 'Update')

    assert store.becomes('FAILED') == ['CONNECTING', 'FAILED']
    assert store.look()['ConnectionErrorCode'] == 'USER_NOT_FOUND'
    store.refused('Connect', 'Delete', 'Update')
    call(store.kms, 'DisconnectCustomKeyStore', {'CustomKeyStoreId': store.id})
    assert store.becomes('DISCONNECTED')[-1] == 'DISCONNECTED' and 'ConnectionErrorCode' not in store.look()


def test_a_wrong_password_is_told_and_can_be_put_right(store):
    from life import PASSWORD as admin
    made = store.life.command_line('user', 'create', '--username', 'kmsuser', '--role', 'crypto-user', '--password', PASSWORD, login=f'admin:{admin}')
    assert made == {'error_code': 0, 'data': {'username': 'kmsuser', 'role': 'crypto-user'}}
    call(store.kms, 'UpdateCustomKeyStore', {'CustomKeyStoreId': store.id, 'KeyStorePassword': 'AnotherPassword1'})

    call(store.kms, 'ConnectCustomKeyStore', {'CustomKeyStoreId': store.id})
    store.becomes('FAILED')
    assert store.look()['ConnectionErrorCode'] == 'INVALID_CREDENTIALS'
    call(store.kms, 'DisconnectCustomKeyStore', {'CustomKeyStoreId': store.id})
    store.becomes('DISCONNECTED')
    call(store.kms, 'UpdateCustomKeyStore', {'CustomKeyStoreId': store.id, 'KeyStorePassword': PASSWORD})


def test_a_connected_store_has_keys_and_takes_only_a_new_name(store):
    call(store.kms, 'ConnectCustomKeyStore', {'CustomKeyStoreId': store.id})
    assert store.becomes('CONNECTED') == ['CONNECTING', 'CONNECTED']

    made = call(store.kms, 'CreateKey', {'Origin': 'AWS_CLOUDHSM', 'CustomKeyStoreId': store.id})['KeyMetadata']
    assert (made['CustomKeyStoreId'], made['CloudHsmClusterId'], made['Origin'], made['KeyState']) == (store.id, store.life.cluster_id, 'AWS_CLOUDHSM', 'Enabled')
    sealed = call(store.kms, 'Encrypt', {'KeyId': made['KeyId'], 'Plaintext': b'secret'})['CiphertextBlob']
    assert call(store.kms, 'Decrypt', {'CiphertextBlob': sealed})['Plaintext'] == b'secret'
    store.refused('Update')
    assert code_of(refusal(store.kms, 'DeleteCustomKeyStore', {'CustomKeyStoreId': store.id})) in (STATE, 'CustomKeyStoreHasCMKsException')
    call(store.kms, 'UpdateCustomKeyStore', {'CustomKeyStoreId': store.id, 'NewCustomKeyStoreName': 'renamed'})
    assert store.look()['CustomKeyStoreName'] == 'renamed'
    for nothing, code in (({}, 'ValidationException'), ({'CloudHsmClusterId': 'cluster-aaaaaaaaaaa'}, STATE)):
        assert code_of(refusal(store.kms, 'UpdateCustomKeyStore', {'CustomKeyStoreId': store.id, **nothing})) == code

    call(store.kms, 'DisconnectCustomKeyStore', {'CustomKeyStoreId': store.id})
    assert store.look()['ConnectionState'] == 'DISCONNECTING'
    store.refused('Connect', 'Disconnect', 'Update')
    store.becomes('DISCONNECTED')
    assert call(store.kms, 'DescribeKey', {'KeyId': made['KeyId']})['KeyMetadata']['KeyState'] == 'Unavailable'
    assert code_of(refusal(store.kms, 'Decrypt', {'CiphertextBlob': sealed})) == 'KMSInvalidStateException'
    assert code_of(refusal(store.kms, 'UpdateCustomKeyStore', {'CustomKeyStoreId': store.id, 'CloudHsmClusterId': 'cluster-aaaaaaaaaaa'})) == 'CloudHsmClusterNotFoundException'
    store.key = made['KeyId']


def test_a_store_is_deleted_when_its_last_key_is_gone(store):
    assert code_of(refusal(store.kms, 'DeleteCustomKeyStore', {'CustomKeyStoreId': store.id})) == 'CustomKeyStoreHasCMKsException'
    call(store.kms, 'ConnectCustomKeyStore', {'CustomKeyStoreId': store.id})
    store.becomes('CONNECTED')
    call(store.kms, 'ScheduleKeyDeletion', {'KeyId': store.key, 'PendingWindowInDays': 7})
    call(store.kms, 'DisconnectCustomKeyStore', {'CustomKeyStoreId': store.id})
    store.becomes('DISCONNECTED')
    assert code_of(refusal(store.kms, 'DeleteCustomKeyStore', {'CustomKeyStoreId': store.id})) == 'CustomKeyStoreHasCMKsException'
    store.life.world.sleep(7 * 86_400 + 60)

    call(store.kms, 'DeleteCustomKeyStore', {'CustomKeyStoreId': store.id})

    assert code_of(refusal(store.kms, 'DeleteCustomKeyStore', {'CustomKeyStoreId': store.id})) == 'CustomKeyStoreNotFoundException'
    assert store.life.cluster()['State'] == 'ACTIVE'

"""Tags of clusters and backups, and lists in pages."""

import pytest

from calling import call, code_of, refusal


def pages(client, operation: str, items: str, size: int, given: dict) -> list:
    """All pages of a list, as one list for each page."""
    found, token = [], {}
    while True:
        answer = call(client, operation, {**given, 'MaxResults': size, **token})
        found.append(answer[items])
        if not answer.get('NextToken'):
            return found
        token = {'NextToken': answer['NextToken']}


def test_tags_are_merged_listed_and_removed(life):
    life.reach('UNINITIALIZED')
    of = {'ResourceId': life.cluster_id}

    call(life.hsm, 'TagResource', {**of, 'TagList': [{'Key': 'a', 'Value': '1'}, {'Key': 'b', 'Value': ''}]})
    call(life.hsm, 'TagResource', {**of, 'TagList': [{'Key': 'a', 'Value': '2'}]})
    tags = {tag['Key']: tag['Value'] for tag in call(life.hsm, 'ListTags', of)['TagList']}
    assert tags == {'suite': 'conformance', 'a': '2', 'b': ''}

    call(life.hsm, 'UntagResource', {**of, 'TagKeyList': ['a', 'b', 'unknown']})
    assert life.cluster()['TagList'] == [{'Key': 'suite', 'Value': 'conformance'}]


@pytest.mark.parametrize('tags', [[{'Key': 'aws:mine', 'Value': ''}], [{'Key': 'a', 'Value': '1'}, {'Key': 'a', 'Value': '2'}]])
def test_tags_that_nobody_may_set_are_refused(life, tags):
    life.reach('UNINITIALIZED')
    assert code_of(refusal(life.hsm, 'TagResource', {'ResourceId': life.cluster_id, 'TagList': tags})) == 'CloudHsmTagException'


def test_a_resource_has_at_most_fifty_tags_listed_in_pages(life):
    life.reach('UNINITIALIZED')
    of = {'ResourceId': life.cluster_id}
    keys = [f'key{number:02}' for number in range(49)]
    call(life.hsm, 'TagResource', {**of, 'TagList': [{'Key': key, 'Value': 'v'} for key in keys]})
    error = refusal(life.hsm, 'TagResource', {**of, 'TagList': [{'Key': 'more', 'Value': 'v'}]})
    assert code_of(error) == 'CloudHsmResourceLimitExceededException'

    found = pages(life.hsm, 'ListTags', 'TagList', 20, of)
    assert [len(page) for page in found] == [20, 20, 10]
    assert sorted(tag['Key'] for page in found for tag in page) == sorted([*keys, 'suite'])
    call(life.hsm, 'UntagResource', {**of, 'TagKeyList': keys})


def test_backups_come_in_pages(life):
    life.reach('WITH_SECOND_HSM')
    backups = [backup['BackupId'] for backup in life.backups()]
    found = pages(life.hsm, 'DescribeBackups', 'Backups', 1, {'Filters': {'clusterIds': [life.cluster_id]}})
    assert [backup['BackupId'] for page in found for backup in page] == backups and len(found) == len(backups) > 1


def test_a_backup_has_tags_of_its_own(life):
    life.reach('WITH_SECOND_HSM')
    backup = life.backups()[0]['BackupId']
    call(life.hsm, 'TagResource', {'ResourceId': backup, 'TagList': [{'Key': 'kept', 'Value': 'yes'}]})
    assert life.backups()[0]['TagList'] == [{'Key': 'kept', 'Value': 'yes'}]
    call(life.hsm, 'UntagResource', {'ResourceId': backup, 'TagKeyList': ['kept']})


@pytest.mark.parametrize(('operation', 'more'), [('DescribeClusters', {}), ('DescribeBackups', {}), ('ListTags', {'ResourceId': None})])
def test_a_page_that_nobody_was_given_is_refused(life, operation, more):
    life.reach('UNINITIALIZED')
    given = {name: value or life.cluster_id for name, value in more.items()}
    assert code_of(refusal(life.hsm, operation, {**given, 'NextToken': 'nonsense'})) == 'CloudHsmInvalidRequestException'
